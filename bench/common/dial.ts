// Client connections of generators: bare sockets, and WebSockets up to their 101. For TLS every client offers one version, one cipher and one curve and resumes no
// session, so that all proxies do the same cryptography.
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export const TLS_VERSION = "TLSv1.3";
export const TLS_CIPHER = "TLS_AES_128_GCM_SHA256";
export const TLS_CURVE = "X25519";

export const TRANSPORTS = ["plain", "tls"] as const;
export type Transport = (typeof TRANSPORTS)[number];

const OPEN_TIMEOUT_MS = 10_000;
const HEAD_END = Buffer.from("\r\n\r\n");
const UPGRADE = [
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "User-Agent: tidegate-bench",
].join("\r\n");

/** Where a WebSocket is to be opened, on this machine. */
export interface Address {
  readonly port: number;
  readonly transport: Transport;
  readonly path: string;
  /** The page that it is said to come from. */
  readonly origin: string;
}

export function dial(port: number, transport: Transport): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const where = { host: "127.0.0.1", port };
    const socket =
      transport === "plain"
        ? connect(where)
        : connectTls({
            ...where,
            servername: "localhost",
            minVersion: TLS_VERSION,
            ciphers: TLS_CIPHER,
            ecdhCurve: TLS_CURVE,
            ALPNProtocols: ["http/1.1"],
            rejectUnauthorized: false, // the certificate is everybody's, and known
          });
    socket.setNoDelay(true); // as browsers do; given as an option, TLS sockets pay no heed to it
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection in ${OPEN_TIMEOUT_MS} ms`)),
      OPEN_TIMEOUT_MS,
    );
    socket.once(transport === "plain" ? "connect" : "secureConnect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      socket.on("error", () => {}); // "close" follows, and says all that matters
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** A WebSocket after its 101, paused, with what came right behind it. */
export async function openWebSocket(address: Address): Promise<{ socket: Socket; early: Buffer }> {
  const { port, transport, path, origin } = address;
  const socket = await dial(port, transport);
  return new Promise((resolve, reject) => {
    let head: Buffer = Buffer.alloc(0);
    const finish = (error?: Error) => {
      clearTimeout(timer);
      socket.off("data", onData);
      socket.off("close", onClose);
      if (error) socket.destroy();
      if (error) reject(error);
    };
    const onData = (chunk: Buffer) => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      socket.pause(); // whoever listens next must miss nothing
      const status = head.toString("latin1", 9, 12);
      finish(status === "101" ? undefined : new Error(`the upgrade was answered ${status}`));
      resolve({ socket, early: head.subarray(end + HEAD_END.length) });
    };
    const onClose = () => finish(new Error("the connection ended before the 101"));
    const timer = setTimeout(() => finish(new Error(`no 101 in ${OPEN_TIMEOUT_MS} ms`)), OPEN_TIMEOUT_MS);
    socket.on("data", onData);
    socket.on("close", onClose);
    const host = new URL(origin).host;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n${UPGRADE}\r\n\r\n`);
  });
}
