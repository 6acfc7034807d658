// One line of AWS's health check log: eight fields, parted by spaces, for each check. Pure.

import type { FinishedCheck } from "../health/monitor.ts";
import type { CheckResult } from "../health/target-life.ts";
import { withPort } from "../proxy/client-connection.ts";
import { timestamp } from "./timestamp.ts";

export function healthCheckLogLine({ group, target, port, endedAtMs, tookMs, result }: FinishedCheck): string {
  return [
    group.healthCheck.protocol.toLowerCase(),
    timestamp(endedAtMs),
    (tookMs / 1000).toFixed(9),
    withPort(target.id, port),
    group.name,
    result.kind === "pass" ? "PASS" : "FAIL",
    "code" in result ? String(result.code) : "-",
    reasonOf(result),
  ].join(" ");
}

function reasonOf(result: CheckResult): string {
  switch (result.kind) {
    case "pass":
      return "-";
    case "wrong-code":
      return "ResponseCodeMismatch";
    case "timeout":
      return "TimedOut";
    case "failed":
      return result.reset ? "ConnectionReset" : "TargetError";
  }
}
