// A target's state as DescribeTargetHealth words it: state, reason code and AWS's sentence.

import type { TargetLife } from "./target-life.ts";

export interface HealthDescription {
  readonly State: "initial" | "healthy" | "unhealthy" | "unused" | "draining";
  readonly Reason?: string;
  readonly Description?: string;
}

export const draining: HealthDescription = {
  State: "draining",
  Reason: "Target.DeregistrationInProgress",
  Description: "Target deregistration is in progress",
};
export const notRegistered: HealthDescription = {
  State: "unused",
  Reason: "Target.NotRegistered",
  Description: "Target is not registered to the target group",
};
export const registering: HealthDescription = {
  State: "initial",
  Reason: "Elb.RegistrationInProgress",
  Description: "Target registration is in progress",
};
export const notInUse: HealthDescription = {
  State: "unused",
  Reason: "Target.NotInUse",
  Description: "Target group is not configured to receive traffic from the load balancer",
};

export function describeLife(life: TargetLife): HealthDescription {
  if (life.status === "healthy") return { State: "healthy" };
  if (life.status === "initial") {
    return {
      State: "initial",
      Reason: "Elb.InitialHealthChecking",
      Description: "Initial health checks in progress",
    };
  }
  const { cause } = life;
  switch (cause.kind) {
    case "wrong-code":
      return {
        State: "unhealthy",
        Reason: "Target.ResponseCodeMismatch",
        Description: `Health checks failed with these codes: [${cause.code}]`,
      };
    case "timeout":
      return { State: "unhealthy", Reason: "Target.Timeout", Description: "Request timed out" };
    case "failed":
      return { State: "unhealthy", Reason: "Target.FailedHealthChecks", Description: "Health checks failed" };
  }
}
