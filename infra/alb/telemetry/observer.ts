// Hears what the data plane tells about itself, and puts it into metrics and logs.

import type { DataPlaneEvents } from "../proxy/data-plane.ts";
import { accessLogLine, refusedLogLine } from "./access-log-line.ts";
import { connectionLogLine, failedConnectionLogLine } from "./connection-log-line.ts";
import { type LogSink, noLog } from "./log-file.ts";
import type { Metrics } from "./metrics.ts";

export interface ObserverDependencies {
  readonly metrics: Metrics;
  readonly accessLog: LogSink;
  readonly connectionLog: LogSink;
  readonly nowMs: () => number;
  readonly randomHex: (digits: number) => string;
  readonly onFault: (error: Error) => void;
}

export function createObserver(deps: ObserverDependencies): DataPlaneEvents {
  const { metrics, accessLog, connectionLog } = deps;
  // A line that nobody reads costs more than all the metrics of its request.
  const logsRequests = accessLog !== noLog;
  const logsConnections = connectionLog !== noLog;
  return {
    clientConnection: (loadBalancer, event) => metrics.clientConnection(loadBalancer, event),
    targetConnection: (groupArn, event) => metrics.targetConnection(groupArn, event),
    rejected: (loadBalancer) => metrics.rejected(loadBalancer),
    accepted(client, handshakeMs) {
      if (logsConnections) connectionLog.line(connectionLogLine(client, handshakeMs));
    },
    handshakeFailed(failed) {
      metrics.handshakeFailed(failed.listener.loadBalancer.name);
      connectionLog.line(failedConnectionLogLine(failed, deps.nowMs(), `TID_${deps.randomHex(16)}`));
    },
    targetHandshakeFailed: (groupArn) => metrics.targetHandshakeFailed(groupArn),
    badRequest: (client, status) => metrics.badRequest(client.listener.loadBalancer.name, status),
    refused: (request) => accessLog.line(refusedLogLine(request)),
    routed: (record) => metrics.routed(record),
    tunnelOpened: (tunnel, record) => metrics.tunnelOpened(tunnel, record),
    done(record, tunnel) {
      metrics.done(record, tunnel);
      if (logsRequests) accessLog.line(accessLogLine(record));
    },
    failed: deps.onFault,
  };
}
