// For tests: a stand-in for ECS's service scheduler on virtual time. It decides every few seconds, as ECS does.
//
// By AWS's documents: the two limits (min/max percent) and what counts for them; that protected tasks are not ended by a
// deployment, and run out; that a rolling deployment is under way until the old tasks are gone; the stages of blue/green,
// the pause and what its timeout does; StopServiceDeployment; deregistration, full delay, SIGTERM; the circuit breaker's
// threshold of at least three failures.
// Assumed, since no document says it: how often it looks; that it ends all the old tasks that it may in one look; that a
// roll back keeps the old tasks that still run; that protected tasks hold CLEAN_UP of ECS's own blue/green, as they hold
// that of CodeDeploy's.
import type { Clock } from "../../../stack/clock.ts";
import { currentDeployment, definitionOf, isRunning, type ModelDeployment, type ModelState } from "./ecs-state.ts";
import { endTask, startTask } from "./ecs-task-life.ts";

const FAILURES_MIN = 3;
const FAILURES_SHARE = 0.5;
const MINUTE_MS = 60_000;
const DEFAULT_PAUSE_MINUTES = 1_440;

export async function runScheduler(state: ModelState, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    look(state, clock);
    await clock.sleep(state.behaviour.schedulerMs, signal);
  }
}

function look(state: ModelState, clock: Clock): void {
  const deployment = currentDeployment(state);
  if (deployment === undefined) return void fill(state, clock, state.taskDefinition, state.productionGroup);
  if (deployment.status === "PENDING") deployment.status = "IN_PROGRESS";
  if (deployment.status === "ROLLBACK_REQUESTED") deployment.status = "ROLLBACK_IN_PROGRESS";
  if (deployment.status === "ROLLBACK_IN_PROGRESS") return void goBack(state, clock, deployment);
  breakCircuit(state, deployment);
  if (deployment.configuration.strategy === "BLUE_GREEN") return void shift(state, clock, deployment);
  fill(state, clock, deployment.target, deployment.targetGroup);
  if (endOthers(state, clock, deployment.target)) deployment.status = "SUCCESSFUL";
}

/** As many tasks of the wanted definition as are desired, and no more in all than the limit allows. */
function fill(state: ModelState, clock: Clock, definitionArn: string, group: string): void {
  const most = Math.floor((state.desiredCount * (state.configuration.maximumPercent ?? 200)) / 100);
  const wanted = () => state.tasks.filter((task) => isRunning(task) && task.definitionArn === definitionArn).length;
  while (wanted() < state.desiredCount && state.tasks.filter(isRunning).length < most) {
    void startTask(state, clock, definitionArn, group);
  }
}

/** Ends what is not of this definition, as far as health and protection allow; true when nothing of it is left. */
function endOthers(state: ModelState, clock: Clock, definitionArn: string): boolean {
  const least = Math.ceil((state.desiredCount * (state.configuration.minimumHealthyPercent ?? 100)) / 100);
  const healthy = () => state.tasks.filter((task) => isRunning(task) && task.target === "healthy").length;
  for (const task of state.tasks) {
    if (!isRunning(task) || task.definitionArn === definitionArn || task.protectedUntilMs > clock.nowMs()) continue;
    if (healthy() - (task.target === "healthy" ? 1 : 0) < least) continue;
    void endTask(state, clock, task);
  }
  const isThere = state.tasks.some((task) => task.definitionArn !== definitionArn && task.lastStatus !== "STOPPED");
  const fit = state.tasks.filter((task) => task.definitionArn === definitionArn && task.target === "healthy");
  return !isThere && fit.length >= state.desiredCount;
}

function goBack(state: ModelState, clock: Clock, deployment: ModelDeployment): void {
  state.taskDefinition = deployment.source;
  state.productionGroup = deployment.sourceGroup;
  fill(state, clock, deployment.source, deployment.sourceGroup);
  if (endOthers(state, clock, deployment.source)) deployment.status = "ROLLBACK_SUCCESSFUL";
}

function breakCircuit(state: ModelState, deployment: ModelDeployment): void {
  if (deployment.configuration.deploymentCircuitBreaker?.enable !== true) return;
  const ofTarget = state.tasks.filter((task) => task.definitionArn === deployment.target);
  if (ofTarget.some((task) => task.wasHealthy)) return; // one that lives resets the count
  const failures = ofTarget.filter((task) => task.lastStatus === "STOPPED").length;
  if (failures < Math.max(FAILURES_MIN, Math.ceil(state.desiredCount * FAILURES_SHARE))) return;
  deployment.status = "ROLLBACK_IN_PROGRESS";
  deployment.statusReason = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
}

/** One step of blue/green, when it is due. */
function shift(state: ModelState, clock: Clock, deployment: ModelDeployment): void {
  const next = nextStage(state, clock, deployment);
  if (next === undefined) return;
  deployment.stage = next;
  deployment.stageSinceMs = clock.nowMs();
  if (next !== "POST_PRODUCTION_TRAFFIC_SHIFT") return;
  state.productionGroup = deployment.targetGroup;
  const pause = deployment.configuration.lifecycleHooks?.find((hook) => hook.lifecycleStages?.includes(next));
  if (pause === undefined) return;
  const minutes = pause.timeoutConfiguration?.timeoutInMinutes ?? DEFAULT_PAUSE_MINUTES;
  deployment.hook = { id: "ecs-pause-1", expiresAtMs: clock.nowMs() + minutes * MINUTE_MS, isOpen: true };
}

function nextStage(state: ModelState, clock: Clock, deployment: ModelDeployment): ModelDeployment["stage"] {
  const inStageMs = clock.nowMs() - deployment.stageSinceMs;
  const { configuration, hook, target, targetGroup } = deployment;
  switch (deployment.stage) {
    case undefined:
      return "SCALE_UP";
    case "SCALE_UP": {
      fill(state, clock, target, targetGroup);
      const fit = state.tasks.filter((task) => task.definitionArn === target && task.target === "healthy");
      return fit.length >= state.desiredCount ? "PRODUCTION_TRAFFIC_SHIFT" : undefined;
    }
    case "PRODUCTION_TRAFFIC_SHIFT":
      return inStageMs >= state.behaviour.shiftMs ? "POST_PRODUCTION_TRAFFIC_SHIFT" : undefined;
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
      if (hook?.isOpen && clock.nowMs() >= hook.expiresAtMs) deployment.status = "ROLLBACK_REQUESTED";
      return hook?.isOpen ? undefined : "BAKE_TIME";
    case "BAKE_TIME":
      return inStageMs >= (configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS ? "CLEAN_UP" : undefined;
    case "CLEAN_UP":
      if (endOthers(state, clock, target)) deployment.status = "SUCCESSFUL";
      return undefined;
    default:
      throw new Error(`the stand-in knows no stage ${deployment.stage}`);
  }
}

/** Begins a deployment; a former one that is under way ends where it stands, as ECS has it for rolling ones. */
export function beginDeployment(state: ModelState, clock: Clock, target: string): void {
  const before = currentDeployment(state);
  if (before !== undefined) before.status = "STOPPED";
  definitionOf(state, target);
  const isBlueGreen = state.configuration.strategy === "BLUE_GREEN";
  const other = state.groups.find((group) => group !== state.productionGroup) ?? state.productionGroup;
  state.lastNumber += 1;
  state.deployments.push({
    arn: `arn:aws:ecs:eu-west-1:111122223333:service-deployment/tidegate-eu/tidegate/d${state.lastNumber}`,
    ...{ source: state.taskDefinition, target, sourceGroup: state.productionGroup },
    targetGroup: isBlueGreen ? other : state.productionGroup,
    ...{ configuration: state.configuration, createdAtMs: clock.nowMs(), stageSinceMs: clock.nowMs() },
    ...{ status: "PENDING", stage: undefined, statusReason: undefined, hook: undefined },
  });
  state.taskDefinition = target;
}
