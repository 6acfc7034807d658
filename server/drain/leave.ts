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
  /** Tells the scores so far, and gives up what this server owns. */
  closeCluster(): Promise<void>;
  /** Ends the rooms that nobody took over. */
  closeRooms(): void;
  /** Stops listening and cuts what is still open. */
  closeGateway(): Promise<void>;
}

/** Resolves to what failed or did not end in time; empty when all is well. Never rejects. */
export async function leave(parts: Leaving, clock: Clock): Promise<string[]> {
  const steps: [string, () => void | Promise<void>][] = [
    ["step back", () => parts.stepBack()],
    ["players", () => parts.sendPlayersAway()],
    ["flush", () => new Promise<void>((resolve) => void clock.after(FLUSH_MS, resolve))],
    // While the rooms still run, so that their next owners get the last state.
    ["cluster", () => parts.closeCluster()],
    ["rooms", () => parts.closeRooms()],
    ["gateway", () => parts.closeGateway()],
  ];
  const failed: string[] = [];
  const open = steps.map(([name]) => name);
  const inOrder = async () => {
    for (const [name, step] of steps) {
      try {
        await step();
      } catch (error) {
        failed.push(`${name}: ${error}`);
      }
      open.shift();
    }
  };
  let stopWaiting = () => {};
  const deadline = new Promise<void>((resolve) => {
    stopWaiting = clock.after(LEAVE_DEADLINE_MS, resolve);
  });
  await Promise.race([inOrder(), deadline]);
  stopWaiting();
  return [...failed, ...open];
}
