// A connection in bytes, whichever end of it a test holds: says what it is told, and shows what came.

import type { Socket } from "node:net";

const LAST_CHARACTERS_SHOWN = 300;

export interface RawSocket {
  readonly socket: Socket;
  send(text: string | Buffer): void;
  /** Everything received so far, as latin1. */
  readonly received: string;
  /** Resolves with everything received once `pattern` is in it; rejects when the connection ends without it. */
  until(pattern: RegExp | string): Promise<string>;
  /** Resolves when the other side has ended the connection. */
  readonly ended: Promise<void>;
  close(): void;
}

export function rawSocket(socket: Socket): RawSocket {
  let received = "";
  let over = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of [...waiting]) each();
  };
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    wake();
  });
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      wake();
      resolve();
    };
    socket.on("end", end);
    socket.on("close", end);
    // A reset is an end as well.
    socket.on("error", end);
  });
  return {
    socket,
    ended,
    get received() {
      return received;
    },
    send: (text) => void socket.write(text),
    close: () => socket.destroy(),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = typeof pattern === "string" ? received.includes(pattern) : pattern.test(received);
          if (!found && !over) return;
          waiting.delete(look);
          if (found) resolve(received);
          else {
            const last = JSON.stringify(received.slice(-LAST_CHARACTERS_SHOWN));
            reject(new Error(`ended without ${pattern}, after: ${last}`));
          }
        };
        waiting.add(look);
        look();
      }),
  };
}
