import { expect, test } from "vitest";
import type { FinishedCheck } from "../health/monitor.ts";
import type { CheckResult } from "../health/target-life.ts";
import { group, target } from "../testing/fixtures.ts";
import { record, startedAtMs } from "../testing/record.ts";
import { connectionLogLine, failedConnectionLogLine } from "./connection-log-line.ts";
import { healthCheckLogLine } from "./health-check-log-line.ts";

test("ALB-85: a line of the connection log has AWS's 13 fields and the access log's trace id", () => {
  const client = { ...record().client, acceptedAtMs: startedAtMs };
  expect(connectionLogLine(client, 4.2)).toBe(
    "2026-07-02T22:22:48.364000Z 10.0.0.140 40914 8443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.004 - - - - TID_1234abcd5678ef90 -",
  );
  expect(connectionLogLine({ ...client, tls: undefined }, undefined)).toBe(
    "2026-07-02T22:22:48.364000Z 10.0.0.140 40914 8443 - - - - - - - TID_1234abcd5678ef90 -",
  );
});

test("ALB-85: a handshake that failed is a line as well", () => {
  const { listener } = record().client;
  const failed = { listener: { ...listener, port: 8443 }, peerAddress: "10.0.0.140", peerPort: 40914, tookMs: 3 };
  expect(failedConnectionLogLine(failed, startedAtMs, "TID_1")).toBe(
    "2026-07-02T22:22:48.364000Z 10.0.0.140 40914 8443 - - - - - - - TID_1 -",
  );
});

test.each<[CheckResult, string]>([
  [{ kind: "pass", code: 200 }, "PASS 200 -"],
  [{ kind: "wrong-code", code: 503 }, "FAIL 503 ResponseCodeMismatch"],
  [{ kind: "timeout" }, "FAIL - TimedOut"],
  [{ kind: "failed", reset: true }, "FAIL - ConnectionReset"],
  [{ kind: "failed", reset: false }, "FAIL - TargetError"],
])("ALB-85: a health check that ended with %j is logged as %s", (result, expected) => {
  const check: FinishedCheck = {
    ...{ group: group("game", []), target: target(80), port: 80, result },
    ...{ endedAtMs: startedAtMs, tookMs: 19.584011 },
  };
  expect(healthCheckLogLine(check)).toBe(`http 2026-07-02T22:22:48.364000Z 0.019584011 10.0.0.1:80 game ${expected}`);
});
