// The open connections as the console shows them: how many of each kind, and the newest ones one by one. Pure.

import { limits } from "../limits.ts";
import type { TargetKey } from "../model/types.ts";
import { type ClientConnection, withPort } from "../proxy/client-connection.ts";
import type { ConnectionKind, ConnectionsView, ConnectionView } from "./state.ts";

/** What the list reads of a connection. */
export type OpenConnection = Pick<
  ClientConnection,
  "traceId" | "peerAddress" | "peerPort" | "port" | "http2" | "tunnelled" | "latestTarget" | "acceptedAtMs"
> & {
  readonly listener: Pick<ClientConnection["listener"], "protocol">;
  readonly socket: Pick<ClientConnection["socket"], "bytesRead" | "bytesWritten">;
};

export interface ConnectionsLook extends ConnectionsView {
  readonly byPort: ReadonlyMap<number, number>;
  /** WebSockets that are open. */
  readonly byTarget: ReadonlyMap<TargetKey, number>;
}

/** `clients` is in order of age, oldest first. Only the newest are made into rows, however many there are. */
export function lookAtConnections(clients: ReadonlySet<OpenConnection>): ConnectionsLook {
  const byKind: Record<ConnectionKind, number> = { http: 0, h2: 0, ws: 0 };
  const byPort = new Map<number, number>();
  const byTarget = new Map<TargetKey, number>();
  const newest: ConnectionView[] = [];
  let left = clients.size;
  for (const client of clients) {
    byKind[kindOf(client)]++;
    byPort.set(client.port, (byPort.get(client.port) ?? 0) + 1);
    const target = client.tunnelled ? client.latestTarget?.key : undefined;
    if (target !== undefined) byTarget.set(target, (byTarget.get(target) ?? 0) + 1);
    if (left-- <= limits.maxConsoleConnections) newest.push(row(client));
  }
  return { total: clients.size, byKind, byPort, byTarget, newest: newest.reverse() };
}

const kindOf = (client: OpenConnection): ConnectionKind => (client.tunnelled ? "ws" : client.http2 ? "h2" : "http");

function row(client: OpenConnection): ConnectionView {
  const { traceId, peerAddress, peerPort, port, latestTarget, acceptedAtMs, listener, socket } = client;
  return {
    id: traceId,
    kind: kindOf(client),
    client: withPort(peerAddress, peerPort),
    listener: `${listener.protocol}:${port}`,
    ...(latestTarget && { target: withPort(latestTarget.id, latestTarget.port) }),
    acceptedAtMs,
    receivedBytes: socket.bytesRead,
    sentBytes: socket.bytesWritten,
  };
}
