// The writing end of a tunnel: chunks go to the socket's own write, one at a time and in order, beside the Writable's
// machinery, which costs more than everything else that a tunnel does in JavaScript (docs/decisions/0007).

import type { Socket } from "node:net";
import { limits } from "../limits.ts";

const nothing = Buffer.alloc(0);
/** What a Writable passes along with a Buffer; the types do not know it. */
const asBuffer = "buffer" as BufferEncoding;

export interface OutletEvents {
  /** There is room again after `write` said false. */
  readonly onRoom: () => void;
  /** A write failed. */
  readonly onBroken: () => void;
}

export class Outlet {
  readonly #socket: Socket;
  readonly #events: OutletEvents;
  /** One write at a time: a TLS socket cannot have two under way. */
  #busy = false;
  #full = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #onFlushed: (() => void) | undefined;

  constructor(socket: Socket, events: OutletEvents) {
    this.#socket = socket;
    this.#events = events;
    if (socket.writableLength === 0) return;
    // What was written before goes first.
    this.#busy = true;
    socket.write(nothing, this.#written);
  }

  /** False when the writer had better wait for `onRoom`; the chunk is taken all the same. */
  write(chunk: Buffer): boolean {
    if (!this.#busy) {
      this.#busy = true;
      this.#socket._write(chunk, asBuffer, this.#written);
      return true;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#full = this.#waitingBytes >= limits.maxTunnelBacklogBytes;
    return !this.#full;
  }

  /** Calls `then` when everything has been handed to the system; at once if it has. */
  flushed(then: () => void): void {
    if (this.#busy) this.#onFlushed = then;
    else then();
  }

  readonly #written = (error?: Error | null): void => {
    if (error) {
      this.#events.onBroken();
      return;
    }
    this.#busy = false;
    if (this.#waitingBytes > 0) {
      const next = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.write(next);
    }
    if (this.#full) {
      this.#full = false;
      this.#events.onRoom();
    }
    if (!this.#busy) this.#onFlushed?.();
  };
}
