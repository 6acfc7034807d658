// One line of AWS's connection log: 13 fields, parted by spaces, for each connection of a client. Pure.
// Client certificates are not asked for, and Node tells a server nothing of the key exchange: their fields are dashes.

import type { ClientConnection } from "../proxy/client-connection.ts";
import type { FailedHandshake } from "../proxy/entry-ports.ts";
import { timestamp } from "./timestamp.ts";

const none = "-";

/** A connection on which requests may come. Its trace id stands in the access log as well. */
export function connectionLogLine(client: ClientConnection, handshakeMs: number | undefined): string {
  const { tls } = client;
  return [
    timestamp(client.acceptedAtMs),
    ...[client.peerAddress, String(client.peerPort), String(client.port)],
    ...[tls?.protocol ?? none, tls?.cipher ?? none, handshakeMs === undefined ? none : seconds(handshakeMs)],
    ...[none, none, none, none],
    ...[client.traceId, none],
  ].join(" ");
}

/** TLS did not come about. */
export function failedConnectionLogLine(failed: FailedHandshake, nowMs: number, traceId: string): string {
  const { listener, peerAddress, peerPort } = failed;
  return [
    timestamp(nowMs),
    ...[peerAddress, String(peerPort), String(listener.port)],
    ...[none, none, none],
    ...[none, none, none, none],
    ...[traceId, none],
  ].join(" ");
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);
