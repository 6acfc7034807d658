// For tests: what the stand-in ECS remembers. ecs-scheduler.ts moves it on, ecs-model.ts is its API.
import type {
  DeploymentConfiguration,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

export interface ModelTask {
  readonly arn: string;
  readonly definitionArn: string;
  readonly group: string;
  readonly host: string;
  desiredStatus: "RUNNING" | "STOPPED";
  lastStatus: "PROVISIONING" | "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" | "STOPPED";
  target: "unused" | "initial" | "healthy" | "unhealthy" | "draining";
  protectedUntilMs: number;
  wasHealthy: boolean;
  stoppedReason: string | undefined;
}

export interface ModelDeployment {
  readonly arn: string;
  /** Task definitions. */
  readonly source: string;
  readonly target: string;
  readonly sourceGroup: string;
  readonly targetGroup: string;
  readonly configuration: DeploymentConfiguration;
  readonly createdAtMs: number;
  status: ServiceDeploymentStatus;
  stage: ServiceDeploymentLifecycleStage | undefined;
  statusReason: string | undefined;
  /** When the present stage began. */
  stageSinceMs: number;
  hook: { readonly id: string; readonly expiresAtMs: number; isOpen: boolean } | undefined;
}

export interface ModelBehaviour {
  /** From the decision to start a task until its server listens. */
  startMs: number;
  healthyAfterMs: number;
  deregistrationDelayMs: number;
  /** From SIGTERM to the end of the process. */
  endMs: number;
  /** How often the scheduler looks. */
  schedulerMs: number;
  shiftMs: number;
  /** Tasks that end before they listen. */
  isBroken: (definition: TaskDefinition) => boolean;
  /** Tasks that never become healthy. */
  isSick: (definition: TaskDefinition) => boolean;
}

export interface ModelState {
  readonly definitions: TaskDefinition[];
  readonly tasks: ModelTask[];
  readonly deployments: ModelDeployment[];
  readonly behaviour: ModelBehaviour;
  readonly groups: readonly [string, string];
  /** Where new handshakes go. */
  productionGroup: string;
  desiredCount: number;
  taskDefinition: string;
  configuration: DeploymentConfiguration;
  lastNumber: number;
}

export const isRunning = (task: ModelTask): boolean => task.desiredStatus === "RUNNING";
export const isOver = ({ status }: ModelDeployment): boolean =>
  status === "SUCCESSFUL" || status === "ROLLBACK_SUCCESSFUL" || status === "ROLLBACK_FAILED" || status === "STOPPED";
export const currentDeployment = (state: ModelState): ModelDeployment | undefined =>
  state.deployments.find((deployment) => !isOver(deployment));
export const definitionOf = (state: ModelState, arn: string): TaskDefinition => {
  const found = state.definitions.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (found === undefined) throw new Error(`no definition ${arn}`);
  return found;
};
