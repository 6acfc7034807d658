// The record of one exchange, for tests of logs and metrics.

import type { ClientConnection } from "../proxy/client-connection.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import { groupArn } from "./fixtures.ts";

export const startedAtMs = Date.UTC(2026, 6, 2, 22, 22, 48, 364);

/** A request that got its answer, but for what `more` says. */
export function record(more: Partial<ExchangeRecord> = {}, userAgent = "agent/1"): ExchangeRecord {
  const client = {
    peerAddress: "10.0.0.140",
    peerPort: 40914,
    localAddress: "127.0.0.1",
    port: 8443,
    tls: { cipher: "TLS_AES_128_GCM_SHA256", protocol: "TLSv1.3", serverName: "localhost", certificateArn: "arn:c" },
    traceId: "TID_1234abcd5678ef90",
    listener: {
      loadBalancer: { name: "app/lb/1", dnsName: "lb.test", dropInvalidHeaders: false },
      rules: [{ priority: 0 }],
    },
  } as unknown as ClientConnection;
  return {
    client,
    exchange: {
      startedAtMs,
      head: {
        ...{ httpVersion: "1.1", method: "GET", target: "/play?x=1", authority: "localhost:8443" },
        rawHeaders: ["User-Agent", userAgent],
      },
    },
    trace: "Self=1-0;Root=1-58337364-23a8c76965a2ef7629b185e3",
    webSocket: false,
    priority: 0,
    action: "forward",
    redirectUrl: undefined,
    groupArn: groupArn("g"),
    failOpen: false,
    target: { key: "k" as never, id: "10.0.1.192", port: 8010, protocol: "HTTP" },
    dispatchedAtMs: startedAtMs + 1,
    respondedAtMs: startedAtMs + 4,
    endedAtMs: startedAtMs + 10,
    elbStatus: 200,
    targetStatus: 200,
    receivedBytes: 218,
    sentBytes: 587,
    connectFailed: false,
    nonSticky: false,
    errorReason: undefined,
    classification: undefined,
    classificationReason: undefined,
    transformedHost: undefined,
    transformedUri: undefined,
    transformStatus: undefined,
    ...more,
  };
}
