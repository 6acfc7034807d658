// The end of a server, after a departure or instead of one: everybody who is still here hears why, what it owns is given up, the port closes.

import type { Clock } from "../clock.ts";
import { CLOSE_MS, FLUSH_MS } from "./deadlines.ts";

/** The parts of a server, in the words of its end. */
export interface Ending {
  /** Tells every socket that the server is leaving, and ends it. False when there was none. */
  sendPlayersAway(): boolean;
  /** Tells the scores so far, and gives up what this server owns. */
  closeCluster(): Promise<void>;
  /** Ends the rooms that nobody took over. */
  closeRooms(): void;
  /** Stops listening and cuts what is still open. */
  closeGateway(): Promise<void>;
}

/** Resolves to what failed or did not end in time, CLOSE_MS; empty when all is well. Never rejects. */
export async function sayGoodbye(parts: Ending, clock: Clock): Promise<string[]> {
  let hasListeners = false;
  const steps: [string, () => void | Promise<void>][] = [
    [
      "players",
      () => {
        hasListeners = parts.sendPlayersAway();
      },
    ],
    ["flush", () => (hasListeners ? new Promise<void>((resolve) => void clock.after(FLUSH_MS, resolve)) : undefined)],
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
    stopWaiting = clock.after(CLOSE_MS, resolve);
  });
  await Promise.race([inOrder(), deadline]);
  stopWaiting();
  return [...failed, ...open];
}
