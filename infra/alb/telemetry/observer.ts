// Hears what the data plane tells about itself, and puts it into metrics and logs.

import type { DataPlaneEvents } from "../proxy/data-plane.ts";
import { accessLogLine, refusedLogLine } from "./access-log-line.ts";
import { connectionLogLine, failedConnectionLogLine } from "./connection-log-line.ts";
import type { LogSink } from "./log-file.ts";
import type { Metrics } from "./metrics.ts";

export interface ObserverDependencies {
  readonly metrics: Metrics;
  readonly accessLog: LogSink;
  readonly connectionLog: LogSink;
  readonly nowMs: () => number;
  readonly randomHex: (digits: number) => string;
  readonly onFault: (error: Error) => void;
}

export const createObserver = (deps: ObserverDependencies): DataPlaneEvents => ({
  clientConnection: (loadBalancer, event) => deps.metrics.clientConnection(loadBalancer, event),
  targetConnection: (groupArn, event) => deps.metrics.targetConnection(groupArn, event),
  rejected: (loadBalancer) => deps.metrics.rejected(loadBalancer),
  accepted: (client, handshakeMs) => deps.connectionLog.line(connectionLogLine(client, handshakeMs)),
  handshakeFailed(failed) {
    deps.metrics.handshakeFailed(failed.listener.loadBalancer.name);
    deps.connectionLog.line(failedConnectionLogLine(failed, deps.nowMs(), `TID_${deps.randomHex(16)}`));
  },
  targetHandshakeFailed: (groupArn) => deps.metrics.targetHandshakeFailed(groupArn),
  badRequest: (client, status) => deps.metrics.badRequest(client.listener.loadBalancer.name, status),
  refused: (request) => deps.accessLog.line(refusedLogLine(request)),
  routed: (record) => deps.metrics.routed(record),
  tunnelOpened: (tunnel, record) => deps.metrics.tunnelOpened(tunnel, record),
  done(record, tunnel) {
    deps.metrics.done(record, tunnel);
    deps.accessLog.line(accessLogLine(record));
  },
  failed: deps.onFault,
});
