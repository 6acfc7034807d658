// A target that speaks in bytes: tests see each connection and answer it as they like.

import { type AddressInfo, createServer, type Socket } from "node:net";

export interface TargetConnection {
  readonly socket: Socket;
  readonly received: string;
  /** Resolves with everything received once `text` is in it. */
  until(text: string): Promise<string>;
  send(text: string | Buffer): void;
  readonly ended: Promise<void>;
}

export interface RawTarget {
  readonly port: number;
  readonly connections: readonly TargetConnection[];
  /** The next connection that nobody has taken yet. */
  next(): Promise<TargetConnection>;
  close(): Promise<void>;
}

export const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
export const ok = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

export async function rawTarget(): Promise<RawTarget> {
  const connections: TargetConnection[] = [];
  const waiting: ((connection: TargetConnection) => void)[] = [];
  let taken = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = wrap(socket);
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

function wrap(socket: Socket): TargetConnection {
  let received = "";
  const waiting = new Set<() => void>();
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    for (const each of [...waiting]) each();
  });
  const ended = new Promise<void>((resolve) => {
    socket.on("end", resolve);
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
  });
  return {
    socket,
    ended,
    get received() {
      return received;
    },
    send: (text) => void socket.write(text),
    until: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!received.includes(text)) return;
          waiting.delete(look);
          resolve(received);
        };
        waiting.add(look);
        look();
      }),
  };
}
