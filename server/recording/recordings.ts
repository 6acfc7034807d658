// Recordings of rooms as files, one for each room and epoch. A disk that is slow or full ends the recording, never the game.

import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { Recorder } from "../../game/recording/recorder.ts";
import type { World } from "../../game/sim/index.ts";
import type { RoomCode } from "../room/room-port.ts";

/** A recording ends when its file is so large: hours of a full basin. */
const RECORDING_MAX_BYTES = 256 * 1024 * 1024;
/** … or when so much waits for the disk. */
const RECORDING_WAITING_MAX_BYTES = 8 * 1024 * 1024;

export class Recordings {
  readonly #directory: string;
  readonly #server: string;
  readonly #log: Logger;
  readonly #open = new Set<Promise<void>>();

  constructor(directory: string, server: string, log: Logger) {
    this.#directory = directory;
    this.#server = server;
    this.#log = log;
  }

  /** Records that room into `ROOM-EPOCH-SERVER-TIME.jsonl` until the recorder is ended. */
  record({ code, epoch, world }: { code: RoomCode; epoch: number; world: World }): Recorder {
    const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
    const path = join(this.#directory, `${code}-${epoch}-${this.#server}-${time}.jsonl`);
    const file = createWriteStream(path, { flags: "wx" });
    let outcome: "recorded" | "recording-cut-short" | "recording-failed" | undefined;
    const end = (how: NonNullable<typeof outcome>): void => {
      outcome ??= how;
      file.end();
    };
    file.on("error", (err) => {
      outcome = "recording-failed";
      this.#log.warn({ event: outcome, room: code, file: path, err });
    });
    const closed = new Promise<void>((resolve) => {
      file.once("close", () => {
        if (outcome !== "recording-failed") this.#log.info({ event: outcome, room: code, file: path });
        this.#open.delete(closed);
        resolve();
      });
    });
    this.#open.add(closed);
    const line = (text: string): void => {
      if (outcome) return;
      file.write(`${text}\n`);
      const isTooMuch = file.writableLength > RECORDING_WAITING_MAX_BYTES || file.bytesWritten > RECORDING_MAX_BYTES;
      if (isTooMuch) end("recording-cut-short");
    };
    return new Recorder(world, { room: code, epoch }, { line, end: () => end("recorded") });
  }

  /** Resolves when what was recorded is on the disk, for recordings that have been ended. */
  async close(): Promise<void> {
    await Promise.all(this.#open);
  }
}
