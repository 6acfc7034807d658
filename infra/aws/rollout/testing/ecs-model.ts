// For tests: a stand-in for ECS and its load balancer behind the interface of AWS's SDK, on virtual time. What of it is
// AWS's word, and what is assumed, stands at ecs-scheduler.ts. It knows the calls that a rollout makes, and no others.

import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  type TaskDefinition,
  UpdateServiceCommand,
  UpdateTaskProtectionCommand,
  type UpdateTaskProtectionCommandInput,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../../stack/clock.ts";
import { topology } from "../../../stack/topology.ts";
import { beginDeployment, runScheduler } from "./ecs-scheduler.ts";
import { complaintsAbout } from "./ecs-shapes.ts";
import {
  currentDeployment,
  definitionOf,
  isOver,
  type ModelDeployment,
  type ModelState,
  type ModelTask,
} from "./ecs-state.ts";

const MINUTE_MS = 60_000;
/** Small, so that every list has several pages. */
const PAGE = 2;

/** An error as the SDK throws it. */
export const awsError = (name: string, message: string, fault: "client" | "server" = "client"): Error =>
  Object.assign(new Error(message), { name, $fault: fault });

export class EcsModel {
  readonly state: ModelState;
  /** What was asked for, in order. */
  readonly calls: { readonly name: string; readonly input: object; readonly atMs: number }[] = [];
  /** Of the next calls of a name, what each is answered with instead. */
  readonly faults = new Map<string, Error[]>();
  /** As if whoever calls had died: nothing that it asks for arrives, and it never hears of it. */
  dropCalls = false;
  readonly ecs: Pick<ECSClient, "send">;
  readonly elb: Pick<ElasticLoadBalancingV2Client, "send">;
  readonly #clock: Clock;
  readonly #closing = new AbortController();

  constructor(clock: Clock, definition: TaskDefinition, groups: readonly [string, string], desiredCount: number) {
    this.#clock = clock;
    const taskDefinition = definition.taskDefinitionArn ?? "";
    this.state = {
      ...{ definitions: [definition], tasks: [], deployments: [], groups, productionGroup: groups[0], desiredCount },
      ...{ taskDefinition, lastNumber: 0 },
      configuration: { strategy: "ROLLING", minimumHealthyPercent: 100, maximumPercent: 200 },
      behaviour: {
        ...{ startMs: 40_000, healthyAfterMs: 10_000, schedulerMs: 5_000, shiftMs: 10_000, endMs: 2_000 },
        deregistrationDelayMs: topology.delays.aws.deregistrationDelaySeconds * 1_000,
        ...{ isBroken: () => false, isSick: () => false },
      },
    };
    const send = (command: { input: object }) => this.#answer(command);
    this.ecs = { send } as unknown as Pick<ECSClient, "send">;
    this.elb = { send } as unknown as Pick<ElasticLoadBalancingV2Client, "send">;
    void runScheduler(this.state, clock, this.#closing.signal);
  }

  close(): void {
    this.#closing.abort();
  }

  /** Names of the calls that change something. */
  changes(): string[] {
    return this.calls.map(({ name }) => name).filter((name) => !/^(Describe|List)/.test(name));
  }

  async #answer(command: { input: object }): Promise<object> {
    if (this.dropCalls) return new Promise(() => {});
    const name = command.constructor.name.replace(/Command$/, "");
    this.calls.push({ name, input: command.input, atMs: this.#clock.nowMs() });
    const complaints =
      name.endsWith("TargetHealth") || name === "DescribeRules" ? [] : complaintsAbout(name, command.input);
    if (complaints.length > 0) throw awsError("ClientException", complaints.join("; "));
    const fault = this.faults.get(name)?.shift();
    if (fault !== undefined) throw fault;
    return this.#do(command);
  }

  #do(command: object): object {
    const { state } = this;
    if (command instanceof DescribeServicesCommand) return { services: [this.#service()] };
    if (command instanceof ListTasksCommand) return this.#listTasks(command);
    if (command instanceof DescribeTasksCommand) {
      const { tasks = [] } = command.input;
      return { tasks: state.tasks.filter(({ arn }) => tasks.includes(arn)).map(taskAnswer) };
    }
    if (command instanceof DescribeTaskDefinitionCommand) return this.#describeDefinition(command);
    if (command instanceof RegisterTaskDefinitionCommand) return { taskDefinition: this.#register(command) };
    if (command instanceof UpdateServiceCommand) return this.#update(command);
    if (command instanceof UpdateTaskProtectionCommand) return this.#protect(command.input);
    if (command instanceof ListServiceDeploymentsCommand) {
      const open = state.deployments.filter(({ status }) => command.input.status?.includes(status));
      return { serviceDeployments: open.map(({ arn }) => ({ serviceDeploymentArn: arn })) };
    }
    if (command instanceof DescribeServiceDeploymentsCommand) {
      const { serviceDeploymentArns = [] } = command.input;
      const found = state.deployments.filter(({ arn }) => serviceDeploymentArns.includes(arn));
      return { serviceDeployments: found.map(deploymentAnswer) };
    }
    if (command instanceof StopServiceDeploymentCommand) return this.#stop(command.input.serviceDeploymentArn);
    if (command instanceof ContinueServiceDeploymentCommand) return this.#continue(command);
    if (command instanceof DescribeTargetHealthCommand) return this.#targetHealth(command.input.TargetGroupArn);
    if (command instanceof DescribeRulesCommand) return this.#rules();
    throw new Error(`the stand-in does not know ${command.constructor.name}`);
  }

  #service(): object {
    const { configuration, desiredCount, taskDefinition } = this.state;
    return { status: "ACTIVE", desiredCount, taskDefinition, deploymentConfiguration: configuration };
  }

  #listTasks({ input }: ListTasksCommand): object {
    const arns = this.state.tasks.filter((task) => task.desiredStatus === input.desiredStatus).map(({ arn }) => arn);
    const at = Number(input.nextToken ?? 0);
    const isMore = at + PAGE < arns.length;
    return { taskArns: arns.slice(at, at + PAGE), ...(isMore && { nextToken: String(at + PAGE) }) };
  }

  #describeDefinition({ input }: DescribeTaskDefinitionCommand): object {
    const { definitions } = this.state;
    const wanted = input.taskDefinition ?? "";
    const taskDefinition = wanted.startsWith("arn:")
      ? definitionOf(this.state, wanted)
      : definitions.filter(({ family }) => family === wanted).at(-1);
    return { taskDefinition };
  }

  #register({ input }: RegisterTaskDefinitionCommand): TaskDefinition {
    const revision = this.state.definitions.length + 1;
    const taskDefinitionArn = `arn:aws:ecs:eu-west-1:111122223333:task-definition/${input.family}:${revision}`;
    const definition = { ...input, taskDefinitionArn, revision, status: "ACTIVE" } as TaskDefinition;
    this.state.definitions.push(definition);
    return definition;
  }

  #update({ input }: UpdateServiceCommand): object {
    if (input.deploymentConfiguration !== undefined) this.state.configuration = input.deploymentConfiguration;
    if (input.desiredCount !== undefined) this.state.desiredCount = input.desiredCount;
    if (input.taskDefinition !== undefined) beginDeployment(this.state, this.#clock, input.taskDefinition);
    return { service: this.#service() };
  }

  #protect({ tasks = [], protectionEnabled, expiresInMinutes = 120 }: UpdateTaskProtectionCommandInput): object {
    if (tasks.length > 10)
      throw awsError("InvalidParameterException", "Member must have length less than or equal to 10");
    const failures: object[] = [];
    for (const arn of tasks) {
      const task = this.state.tasks.find((one) => one.arn === arn);
      if (task === undefined || task.lastStatus === "STOPPED") failures.push({ arn, reason: "MISSING" });
      else if (protectionEnabled && this.#held(task) >= this.state.desiredCount) {
        failures.push({ arn, reason: "DEPLOYMENT_BLOCKED" });
      } else task.protectedUntilMs = protectionEnabled ? this.#clock.nowMs() + expiresInMinutes * MINUTE_MS : 0;
    }
    return { failures };
  }

  /** How many others are protected. */
  #held(task: ModelTask): number {
    const nowMs = this.#clock.nowMs();
    return this.state.tasks.filter((other) => other !== task && other.protectedUntilMs > nowMs).length;
  }

  #stop(arn: string | undefined): object {
    const deployment = this.#open(arn);
    if (deployment.status === "PENDING" || deployment.status === "IN_PROGRESS")
      deployment.status = "ROLLBACK_REQUESTED";
    return { serviceDeploymentArn: arn };
  }

  #continue({ input }: ContinueServiceDeploymentCommand): object {
    const deployment = this.#open(input.serviceDeploymentArn);
    if (deployment.hook?.id !== input.hookId || !deployment.hook?.isOpen) {
      throw awsError("InvalidParameterException", "The hook does not await an action");
    }
    deployment.hook.isOpen = false;
    if (input.action === "ROLLBACK") deployment.status = "ROLLBACK_REQUESTED";
    return { serviceDeploymentArn: deployment.arn };
  }

  #open(arn: string | undefined): ModelDeployment {
    const deployment = currentDeployment(this.state);
    if (deployment === undefined || deployment.arn !== arn || isOver(deployment)) {
      throw awsError("ServiceDeploymentNotFoundException", "no such deployment");
    }
    return deployment;
  }

  #targetHealth(group: string | undefined): object {
    const known = this.state.tasks.filter((task) => task.group === group && task.target !== "unused");
    const TargetHealthDescriptions = known.map(({ host, target }) => ({
      Target: { Id: host, Port: topology.targetGroups.game.port },
      TargetHealth: { State: target },
    }));
    return { TargetHealthDescriptions };
  }

  #rules(): object {
    const { groups, productionGroup } = this.state;
    const TargetGroups = groups.map((arn) => ({ TargetGroupArn: arn, Weight: arn === productionGroup ? 100 : 0 }));
    return { Rules: [{ Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }] };
  }
}

const taskAnswer = (task: ModelTask): object => ({
  ...{ taskArn: task.arn, taskDefinitionArn: task.definitionArn },
  ...{ desiredStatus: task.desiredStatus, lastStatus: task.lastStatus, stoppedReason: task.stoppedReason },
  attachments: [{ type: "ElasticNetworkInterface", details: [{ name: "privateIPv4Address", value: task.host }] }],
});

const deploymentAnswer = ({ arn, createdAtMs, hook, stage, status, statusReason }: ModelDeployment): object => ({
  ...{ serviceDeploymentArn: arn, status, statusReason, lifecycleStage: stage, createdAt: new Date(createdAtMs) },
  lifecycleHookDetails:
    hook === undefined
      ? []
      : [{ hookId: hook.id, targetType: "PAUSE", status: hook.isOpen ? "AWAITING_ACTION" : "SUCCEEDED" }],
});
