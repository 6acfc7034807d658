// What health checks have found out about one target. Pure: a check's result goes in, the next state comes out.
//
//   initial ──one pass──▶ healthy ◀──HealthyThresholdCount passes in a row──┐
//      │                     └──UnhealthyThresholdCount failures in a row──▶ unhealthy
//      └──UnhealthyThresholdCount failures in a row───────────────────────────▲

export type CheckResult =
  | { readonly kind: "pass"; readonly code: number }
  | { readonly kind: "wrong-code"; readonly code: number }
  | { readonly kind: "timeout" }
  /** No connection or a reset, or (then not `reset`) bytes that are not an HTTP response. */
  | { readonly kind: "failed"; readonly reset: boolean };

export type TargetLife =
  /** Not yet checked, or failing since it came, but not long enough to be called unhealthy. */
  | { readonly status: "initial"; readonly failures: number }
  /** Gets requests. */
  | { readonly status: "healthy"; readonly failures: number }
  /** Gets none, except when the whole group is. */
  | { readonly status: "unhealthy"; readonly passes: number; readonly cause: Exclude<CheckResult, { kind: "pass" }> };

export interface Thresholds {
  readonly healthy: number;
  readonly unhealthy: number;
}

export const newcomer: TargetLife = { status: "initial", failures: 0 };

export function afterCheck(life: TargetLife, result: CheckResult, thresholds: Thresholds): TargetLife {
  if (result.kind === "pass") {
    if (life.status !== "unhealthy" || life.passes + 1 >= thresholds.healthy) return { status: "healthy", failures: 0 };
    return { ...life, passes: life.passes + 1 };
  }
  if (life.status === "unhealthy") return { status: "unhealthy", passes: 0, cause: result };
  const failures = life.failures + 1;
  if (failures >= thresholds.unhealthy) return { status: "unhealthy", passes: 0, cause: result };
  return { status: life.status, failures };
}
