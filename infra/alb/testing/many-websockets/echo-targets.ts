// A process of WebSocket servers that send back what they get, and say 200 to health checks.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { answerCalls } from "./child-calls.ts";

answerCalls({
  /** Resolves with the ports of so many servers. */
  listen: (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const server = createServer((_request, response) => response.end("up\n"));
        const sockets = new WebSocketServer({ server, perMessageDeflate: false });
        sockets.on("connection", (socket) => {
          socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
          // A reset shows as the close of the socket.
          socket.on("error", () => {});
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return (server.address() as AddressInfo).port;
      }),
    ),
});
