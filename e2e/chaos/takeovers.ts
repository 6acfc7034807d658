// What servers have written into their logs about rooms that they took over from a dead one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Takeover {
  readonly room: string;
  readonly epoch: number;
  /** Of the checkpoint that the room goes on from. */
  readonly tick: number;
}

const MESSAGE = "took a room over";

/** Of all servers of the stack so far. */
export function readTakeovers(home: string): Takeover[] {
  const logs = join(home, "logs");
  return readdirSync(logs)
    .filter((file) => file.endsWith(".log"))
    .flatMap((file) => readFileSync(join(logs, file), "utf8").split("\n"))
    .filter((line) => line.includes(MESSAGE))
    .map((line) => JSON.parse(line) as Takeover);
}
