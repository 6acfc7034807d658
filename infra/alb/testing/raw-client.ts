// A client that speaks in bytes: sends what it is told, and shows what came back.

import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";

export interface RawClient {
  readonly socket: Socket;
  send(text: string | Buffer): void;
  /** Everything received so far, as latin1. */
  readonly received: string;
  /** Resolves with everything received once `pattern` is in it; rejects when the connection ends without it. */
  until(pattern: RegExp | string): Promise<string>;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
  close(): void;
}

export function rawClient(port: number, options: { tls?: { ca: string; servername?: string } } = {}): RawClient {
  const { tls } = options;
  const socket = tls
    ? tlsConnect({ host: "127.0.0.1", port, ca: tls.ca, servername: tls.servername ?? "localhost" })
    : connect({ host: "127.0.0.1", port });
  socket.setNoDelay(true);
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
          else reject(new Error(`ended without ${pattern}, after: ${JSON.stringify(received.slice(-300))}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

export const handshake = (path = "/ws", more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
