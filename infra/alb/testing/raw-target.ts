// A target that speaks in bytes: tests see each connection and answer it as they like.

import { type AddressInfo, createServer } from "node:net";
import { type RawSocket, rawSocket } from "./raw-socket.ts";

export interface RawTarget {
  readonly port: number;
  readonly connections: readonly RawSocket[];
  /** The next connection that nobody has taken yet. */
  next(): Promise<RawSocket>;
  close(): Promise<void>;
}

export const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
export const ok = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

export async function rawTarget(): Promise<RawTarget> {
  const connections: RawSocket[] = [];
  const waiting: ((connection: RawSocket) => void)[] = [];
  let taken = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = rawSocket(socket);
    connections.push(connection);
    if (waiting.length > 0) {
      taken++;
      waiting.shift()?.(connection);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    next: () =>
      new Promise((resolve) => {
        const ready = connections[taken];
        if (ready) {
          taken++;
          resolve(ready);
        } else waiting.push(resolve);
      }),
    close: async () => {
      for (const { socket } of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
