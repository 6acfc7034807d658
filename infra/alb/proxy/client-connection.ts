// One client's TCP (or TLS) connection, for as long as it lasts: what logs, headers and timeouts want to know of it.

import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { ListenerRoute, TargetRoute } from "../routing/table.ts";

export interface TlsFacts {
  /** As OpenSSL names it. */
  readonly cipher: string;
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** Undefined when the client named no host. */
  readonly serverName: string | undefined;
  /** `session-reused` when none was shown. */
  readonly certificateArn: string;
}

export interface ClientConnection {
  readonly socket: Socket;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly port: number;
  readonly tls: TlsFacts | undefined;
  readonly http2: boolean;
  readonly acceptedAtMs: number;
  /** After this time one more request is served, then the connection is closed. */
  readonly keepAliveUntilMs: number;
  /** `TID_…`, joins the lines of the logs. */
  readonly traceId: string;
  /** The listener as it was at the last request; the idle timeout is read from it. */
  listener: ListenerRoute;
  /** Requests under way. */
  openExchanges: number;
  /** Where the latest request went. */
  latestTarget: TargetRoute | undefined;
  /** It has become a WebSocket to that target. */
  tunnelled: boolean;
  /** Bytes that are already on some exchange's account. */
  accounted: { read: number; written: number };
  /** When a request head was first seen to be incomplete. HTTP/1 only. */
  headSinceMs: number | undefined;
  /** No further request is taken: the connection ends with what is under way. */
  ending: boolean;
  /** What to do when no byte has moved for the idle timeout. */
  onIdle: () => void;
}

/** IPv4 peers of a dual-stack socket are IPv4 to the outside. */
export const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");

export const withPort = (address: string, port: number) =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

/** The idle timeout ran out under requests: when no byte moves in the time that targets have to fail, the client is left. */
export function endIfStalled(client: ClientConnection, clock: Clock): void {
  const { socket } = client;
  const moved = () => socket.bytesRead + socket.bytesWritten;
  const before = moved();
  clock.after(limits.stalledClientGraceMs, () => {
    if (client.openExchanges > 0 && moved() === before) socket.destroy();
  });
}
