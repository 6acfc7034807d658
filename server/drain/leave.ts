// How a server goes when it is told to stop: no new players, everybody hears why, what it owned is given up, then the process ends.

import type { Clock } from "../clock.ts";

/** After this long the process ends, whatever is left, milliseconds. */
export const LEAVE_DEADLINE_MS = 4_000;
/** Sockets have this long to take their last message, milliseconds. */
const FLUSH_MS = 200;

/** The parts of a server, in the words of its departure. */
export interface Leaving {
  /** From now on `/readyz` fails and no player is let in. */
  stepBack(): void;
  /** Tells every socket that the server is leaving, and ends it. */
  sendPlayersAway(): void;
  /** Ends the rooms; their last scores are told. */
  closeRooms(): void;
  closeCluster(): Promise<void>;
  /** Stops listening and cuts what is still open. */
  closeGateway(): Promise<void>;
}

/** Resolves to what did not end in time; empty when everything did. Never rejects. */
export async function leave(parts: Leaving, clock: Clock): Promise<string[]> {
  const left = new Set(["players", "cluster", "gateway"]);
  const inOrder = async () => {
    parts.stepBack();
    parts.sendPlayersAway();
    await new Promise<void>((resolve) => clock.after(FLUSH_MS, resolve));
    left.delete("players");
    // While the rooms still run, so that the next owners get their last state.
    await parts.closeCluster();
    left.delete("cluster");
    parts.closeRooms();
    await parts.closeGateway();
    left.delete("gateway");
  };
  const deadline = new Promise<void>((resolve) => {
    clock.after(LEAVE_DEADLINE_MS, resolve);
  });
  await Promise.race([inOrder().catch((error) => left.add(`error: ${error}`)), deadline]);
  return [...left];
}
