// A target that answers every request, and every WebSocket handshake, with its name.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface NamedTarget {
  readonly port: number;
  /** Headers of the requests that came, WebSockets included. */
  readonly requests: IncomingHttpHeaders[];
  close(): Promise<void>;
}

export interface NamedTargetOptions {
  /** Name, value, name, value: added to every answer. */
  readonly headers?: readonly string[];
  readonly status?: () => number;
}

export async function namedTarget(name: string, options: NamedTargetOptions = {}): Promise<NamedTarget> {
  const { headers = [], status = () => 200 } = options;
  const requests: IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request.headers);
    response.writeHead(status(), [...headers, "Content-Length", String(name.length)]).end(name);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket) => {
    requests.push(request.headers);
    const own = Array.from({ length: headers.length / 2 }, (_, i) => `${headers[2 * i]}: ${headers[2 * i + 1]}\r\n`);
    socket.on("end", () => socket.end()).resume();
    socket.write(`HTTP/1.1 101 ${name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${own.join("")}\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ port: (server.address() as AddressInfo).port, requests },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
