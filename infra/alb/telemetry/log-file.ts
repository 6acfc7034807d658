// Lines into a file that is set aside as FILE.1 when it has grown to its limit, or to a stream such as stdout.
// A disk that does not keep up costs lines, never memory or requests.

import { createWriteStream, type WriteStream } from "node:fs";
import { rename, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { limits } from "../limits.ts";

export interface LogSink {
  line(text: string): void;
  /** Lines that were given up because the disk did not keep up, or failed. */
  readonly dropped: number;
  /** Resolves when everything accepted is written. */
  close(): Promise<void>;
}

export const noLog: LogSink = { line: () => {}, dropped: 0, close: async () => {} };

export function streamLog(stream: Writable): LogSink {
  const sink = {
    dropped: 0,
    line(text: string) {
      if (stream.writableLength > limits.maxAccessLogBacklogBytes) sink.dropped++;
      else stream.write(`${text}\n`);
    },
    close: async () => {},
  };
  return sink;
}

export interface FileLogOptions {
  /** Size at which the file is set aside. */
  readonly maxFileBytes: number;
}

export async function openFileLog(
  path: string,
  options: FileLogOptions = { maxFileBytes: limits.maxAccessLogFileBytes },
): Promise<LogSink> {
  const found = await stat(path).catch(() => undefined);
  // A device or a pipe (/dev/null, /dev/stdout) must keep its name.
  if (found && !found.isFile()) return new FileLog(path, { maxFileBytes: Number.POSITIVE_INFINITY }, 0);
  return new FileLog(path, options, found?.size ?? 0);
}

class FileLog implements LogSink {
  dropped = 0;
  readonly #path: string;
  readonly #maxFileBytes: number;
  #fileBytes: number;
  #stream: WriteStream;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #rotating: Promise<void> | undefined;

  constructor(path: string, { maxFileBytes }: FileLogOptions, fileBytes: number) {
    this.#path = path;
    this.#maxFileBytes = maxFileBytes;
    this.#fileBytes = fileBytes;
    this.#stream = this.#open();
  }

  line(text: string): void {
    const backlog = this.#stream.writableLength + this.#waitingBytes;
    // While the file is set aside the old stream is over, and the new one is not there yet.
    const failed = this.#stream.destroyed && !this.#rotating;
    if (backlog > limits.maxAccessLogBacklogBytes || failed) {
      this.dropped++;
      return;
    }
    const line = `${text}\n`;
    if (this.#rotating) {
      this.#waiting.push(line);
      this.#waitingBytes += line.length;
      return;
    }
    this.#write(line);
    if (this.#fileBytes >= this.#maxFileBytes) this.#rotating = this.#rotate();
  }

  async close(): Promise<void> {
    await this.#rotating;
    await new Promise<void>((resolve) => this.#stream.end(resolve));
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.#path, { flags: "a" });
    // From now on lines are dropped and counted: a full disk must not end the load balancer.
    stream.on("error", (error) => {
      process.emitWarning(`${this.#path} cannot be written, its lines are lost from now on: ${error.message}`);
      stream.destroy();
    });
    return stream;
  }

  #write(line: string): void {
    this.#fileBytes += line.length;
    this.#stream.write(line);
  }

  async #rotate(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.end(resolve));
    // If the old file cannot be set aside, writing goes on in it.
    await rename(this.#path, `${this.#path}.1`).catch(() => {});
    this.#stream = this.#open();
    this.#fileBytes = 0;
    this.#rotating = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const line of waiting) this.#write(line);
  }
}
