// One health check: one GET over a connection of its own, judged by its status code alone.

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { codeMatches, parseMatcher } from "../model/matcher.ts";
import type { HealthCheck } from "../model/types.ts";
import type { CheckResult } from "./target-life.ts";

export type Probe = (address: string, port: number, check: HealthCheck) => Promise<CheckResult>;

export const createProbe =
  (clock: Clock): Probe =>
  (address, port, check) =>
    new Promise((resolve) => {
      const secure = check.protocol === "HTTPS";
      const ranges = parseMatcher(check.matcher) ?? [];
      const finish = (result: CheckResult) => {
        timer.cancel();
        resolve(result);
        request.destroy();
      };
      const request = (secure ? httpsRequest : httpRequest)({
        host: address,
        port,
        path: check.path,
        agent: false,
        maxHeaderSize: limits.maxResponseHeadBytes,
        // AWS does not verify the certificates of targets.
        rejectUnauthorized: false,
        headers: {
          Host: hostHeader(address, port, secure),
          Connection: "close",
          "User-Agent": "ELB-HealthChecker/2.0",
          "Accept-Encoding": "gzip, compressed",
        },
      });
      const timer = clock.after(check.timeoutSeconds * 1000, () => finish({ kind: "timeout" }));
      request.on("response", (response) => {
        const code = response.statusCode ?? 0;
        finish(codeMatches(ranges, code) ? { kind: "pass", code } : { kind: "wrong-code", code });
      });
      // A 101 has nothing to say about health: nobody asked for an upgrade.
      request.on("upgrade", () => finish({ kind: "failed", reset: false }));
      // Also what follows destroy() in finish(), by when the promise is settled.
      request.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
        finish({ kind: "failed", reset: code === "ECONNRESET" || code === "ECONNREFUSED" }),
      );
      request.end();
    });

function hostHeader(address: string, port: number, secure: boolean): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return port === (secure ? 443 : 80) ? host : `${host}:${port}`;
}
