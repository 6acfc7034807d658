import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClientConnection } from "../proxy/client-connection.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { groupArn } from "../testing/fixtures.ts";
import { accessLogLine } from "./access-log-line.ts";
import { openFileLog } from "./log-file.ts";
import { createMetrics } from "./metrics.ts";

const keep = closeAfterEach();
const startedAtMs = Date.UTC(2026, 6, 2, 22, 22, 48, 364);

function record(more: Partial<ExchangeRecord> = {}, userAgent = "agent/1"): ExchangeRecord {
  const client = {
    peerAddress: "10.0.0.140",
    peerPort: 40914,
    localAddress: "127.0.0.1",
    port: 8443,
    tls: { cipher: "TLS_AES_128_GCM_SHA256", protocol: "TLSv1.3", serverName: "localhost", certificateArn: "arn:c" },
    traceId: "TID_1234abcd5678ef90",
    listener: { loadBalancer: { name: "app/lb/1", dnsName: "lb.test" } },
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
    errorReason: undefined,
    classification: undefined,
    classificationReason: undefined,
    transformedHost: undefined,
    transformedUri: undefined,
    transformStatus: undefined,
    ...more,
  };
}

const line =
  "https 2026-07-02T22:22:48.374000Z app/lb/1 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.006 200 200 218 587 " +
  '"GET https://localhost:8443/play?x=1 HTTP/1.1" "agent/1" TLS_AES_128_GCM_SHA256 TLSv1.3 ' +
  `${groupArn("g")} "Root=1-58337364-23a8c76965a2ef7629b185e3" "localhost" "arn:c" 0 2026-07-02T22:22:48.364000Z ` +
  '"forward" "-" "-" "10.0.1.192:8010" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 127.0.0.1';

test("ALB-80: a line of the access log has AWS's 34 fields", () => {
  expect(accessLogLine(record())).toBe(line);
  expect(line.match(/"[^"]*"|\S+/g)).toHaveLength(34);
});

test("ALB-80: a WebSocket is one line at its close, of type ws or wss, with its handshake's times", () => {
  const text = accessLogLine(record({ elbStatus: 101, targetStatus: 101, endedAtMs: startedAtMs + 3_600_000 }));
  expect(text).toMatch(/^wss 2026-07-02T23:22:48.364000Z .* 0.001 0.003 0.000 101 101 218 587 /);
});

test("ALB-80: what did not happen is a dash or -1", () => {
  const missing = {
    ...{ target: undefined, dispatchedAtMs: undefined, respondedAtMs: undefined, targetStatus: undefined },
    ...{ elbStatus: 503, groupArn: undefined },
  };
  expect(accessLogLine(record(missing))).toMatch(/ - -1 -1 -1 503 - /);
});

test("ALB-80: a client cannot end a field or a line", () => {
  const text = accessLogLine(record({}, 'a" "b\n\\ \xe9'));
  expect(text).toContain('"a\\x22 \\x22b\\x0A\\x5C \\xE9"');
  expect(text.match(/"[^"]*"|\S+/g)).toHaveLength(34);
});

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "alb-log-"));
  keep({ close: () => rm(directory, { recursive: true, force: true }) });
  return join(directory, "access.log");
}

test("ALB-80: the log file is set aside at its limit, and no line is lost on the way", async () => {
  const path = await newFile();
  const log = await openFileLog(path, { maxFileBytes: 100 });
  for (let i = 0; i < 15; i++) log.line(`line ${i}`.padEnd(9, "."));
  await log.close();
  const [old, current] = [await readFile(`${path}.1`, "utf8"), await readFile(path, "utf8")];
  expect(old.length).toBe(100);
  expect((old + current).trim().split("\n")).toHaveLength(15);
  expect(log.dropped).toBe(0);
});

test("ALB-80: a file that cannot be written costs lines, not the process", async () => {
  const log = await openFileLog("/nonexistent/access.log");
  log.line("first");
  await log.close().catch(() => {});
  log.line("second");
  expect(log.dropped).toBe(1);
});

test("ALB-81: metrics carry CloudWatch's names and count each request once", async () => {
  const metrics = createMetrics(() => [{ groupArn: groupArn("g"), healthy: 2, unhealthy: 1 }]);
  metrics.connection("open");
  metrics.connection("open");
  metrics.connection("close");
  metrics.routed(record());
  metrics.done(record(), undefined);
  metrics.done(
    record({ elbStatus: 502, targetStatus: undefined, respondedAtMs: undefined, connectFailed: true }),
    undefined,
  );
  const text = await metrics.text();
  const both = 'LoadBalancer="app/lb/1",TargetGroup="targetgroup/g/3"';
  for (const expected of [
    "ActiveConnectionCount 1",
    "NewConnectionCount 2",
    `RequestCount{${both}} 1`,
    `HTTPCode_Target_2XX_Count{${both}} 1`,
    'HTTPCode_ELB_5XX_Count{LoadBalancer="app/lb/1"} 1',
    'HTTPCode_ELB_502_Count{LoadBalancer="app/lb/1"} 1',
    `TargetConnectionErrorCount{${both}} 1`,
    `TargetResponseTime_count{${both}} 1`,
    'ProcessedBytes{LoadBalancer="app/lb/1"} 1610',
    'HealthyHostCount{TargetGroup="targetgroup/g/3"} 2',
    'UnHealthyHostCount{TargetGroup="targetgroup/g/3"} 1',
  ]) {
    expect(text.split("\n")).toContain(expected);
  }
});

test("ALB-81: bytes of an open WebSocket count while it lives, and once only", async () => {
  const metrics = createMetrics(() => []);
  const tunnel = { bytes: { fromClient: 100, fromTarget: 50 }, cut: () => {} };
  const open = record({ elbStatus: 101, targetStatus: 101, webSocket: true });
  metrics.tunnelOpened(tunnel, open);
  expect(await metrics.text()).toContain('ProcessedBytes{LoadBalancer="app/lb/1"} 150');
  tunnel.bytes.fromTarget = 60;
  metrics.done(open, tunnel);
  const text = await metrics.text();
  expect(text).toContain('ProcessedBytes{LoadBalancer="app/lb/1"} 160');
  expect(text).toMatch(/ActiveWebSocketCount\{.*\} 0/);
  expect(text).not.toMatch(/HTTPCode_\w+_Count\{/);
});
