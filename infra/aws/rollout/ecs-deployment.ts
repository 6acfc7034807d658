// What ECS is told of how to deploy, and what it says of a deployment. Pure.
import type { DeploymentConfiguration, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Strategy } from "../../deploy/plan.ts";

/** ECS's two limits while a deployment goes on, percent of the desired count: both generations fit, and none is missing. */
const MINIMUM_HEALTHY_PERCENT = 100;
const MAXIMUM_PERCENT = 200;
/** After the traffic has moved: the new servers have it, the old ones still have their players. */
const PAUSE_AFTER = "POST_PRODUCTION_TRAFFIC_SHIFT";

/**
 * Said whole each time, since what an earlier rollout has said would stay. A pause that nobody ends, because this command has died, ends in a
 * roll back; the bake is ours, so ECS has none of its own.
 */
export function deploymentConfiguration(strategy: Strategy, holdMinutes: number): DeploymentConfiguration {
  const limits = { minimumHealthyPercent: MINIMUM_HEALTHY_PERCENT, maximumPercent: MAXIMUM_PERCENT };
  if (strategy === "rolling") {
    const deploymentCircuitBreaker = { enable: true, rollback: true }; // for rolling deployments only
    return { strategy: "ROLLING", ...limits, deploymentCircuitBreaker, lifecycleHooks: [] };
  }
  return {
    ...{ strategy: "BLUE_GREEN", ...limits, bakeTimeInMinutes: 0 },
    lifecycleHooks: [
      {
        targetType: "PAUSE",
        lifecycleStages: [PAUSE_AFTER],
        timeoutConfiguration: { timeoutInMinutes: holdMinutes, action: "ROLLBACK" },
      },
    ],
  };
}

/** The id of the pause at which it waits for a word; undefined when it does not wait. */
export const pausedHook = (deployment: ServiceDeployment): string | undefined =>
  deployment.lifecycleHookDetails?.find(
    ({ targetType, status }) => targetType === "PAUSE" && status === "AWAITING_ACTION",
  )?.hookId;
