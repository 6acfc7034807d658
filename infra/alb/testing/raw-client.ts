// A client that speaks in bytes.

import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { type RawSocket, rawSocket } from "./raw-socket.ts";

export function rawClient(port: number, options: { tls?: { ca: string; servername?: string } } = {}): RawSocket {
  const { tls } = options;
  const socket = tls
    ? tlsConnect({ host: "127.0.0.1", port, ca: tls.ca, servername: tls.servername ?? "localhost" })
    : connect({ host: "127.0.0.1", port });
  socket.setNoDelay(true);
  return rawSocket(socket);
}

export const handshake = (path = "/ws", more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;

/** `more`: header lines, each with its end. */
export const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
