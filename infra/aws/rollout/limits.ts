// Every limit and waiting time of a rollout on ECS, in one place.
import type { Pace } from "../../deploy/limits.ts";
import type { Delays } from "../../stack/topology.ts";

/** ECS looks at a service every so often, not at once: seen are some ten seconds, said is nothing. */
const SCHEDULER_SLACK_MS = 120_000;

/** Where ECS starts servers: a task on Fargate gets a network interface and an image first. */
export const ecsPace = ({ deregistrationDelaySeconds, stopTimeoutSeconds }: Delays): Pace => ({
  healthyTimeoutMs: 300_000,
  healthyTimeoutEachMs: 10_000,
  leaveMs: (deregistrationDelaySeconds + stopTimeoutSeconds) * 1_000 + SCHEDULER_SLACK_MS,
  pollMs: 2_000,
  watchMs: 2_000,
});

/** How long ECS may take from healthy servers to traffic on them. */
export const SHIFT_TIMEOUT_MS = 300_000;
/** How long a deployment that was stopped may take until the next one can begin. */
export const SETTLE_TIMEOUT_MS = 300_000;
/** How long a read is tried again while AWS asks for patience or cannot be reached. */
export const PATIENCE_MS = 60_000;
export const PATIENCE_POLL_MS = 3_000;

/** What is added to the bake for the hold on the old servers: the time to start, and to seat the canaries. */
export const HOLD_SLACK_MINUTES = 15;
/** ECS's own limit for both: task protection, 48 hours. */
export const HOLD_MAX_MINUTES = 2_880;

/** ECS's limits for one request. */
export const PROTECT_MAX_TASKS = 10;
export const DESCRIBE_MAX_TASKS = 100;

export const FLEETZ_TIMEOUT_MS = 3_000;
