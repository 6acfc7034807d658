// What moto's ECS lacks for a rollout: tasks, their protection, and deployments of a service. The model of ECS that the tests of a rollout are
// held by plays them, in quicker time; what moto does know (services, task definitions) stays moto's.
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  StopServiceDeploymentCommand,
  type TaskDefinition,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
  UpdateTaskProtectionCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { systemClock } from "../../stack/clock.ts";
import { topology } from "../../stack/topology.ts";
import { EcsModel } from "../rollout/testing/ecs-model.ts";
import { REHEARSED } from "./beside.ts";

/** Seconds here stand for minutes there. */
const QUICK = {
  startMs: 1_000,
  healthyAfterMs: 500,
  schedulerMs: 250,
  shiftMs: 500,
  endMs: 100,
  deregistrationDelayMs: 2_000,
};

const START_MAX_MS = 20_000;
const START_POLL_MS = 250;

// biome-ignore lint/suspicious/noExplicitAny: each takes what was sent, which the model looks at by AWS's own shapes
const PLAYED: Readonly<Record<string, new (input: any) => { input: object }>> = {
  ...{ ListTasks: ListTasksCommand, DescribeTasks: DescribeTasksCommand },
  UpdateTaskProtection: UpdateTaskProtectionCommand,
  ListServiceDeployments: ListServiceDeploymentsCommand,
  DescribeServiceDeployments: DescribeServiceDeploymentsCommand,
  StopServiceDeployment: StopServiceDeploymentCommand,
  ContinueServiceDeployment: ContinueServiceDeploymentCommand,
};

export const isPlayed = (operation: string): boolean => operation in PLAYED;

export class PlayedTasks {
  readonly #model: EcsModel;

  private constructor(model: EcsModel) {
    this.#model = model;
  }

  /** As the service of that region stands in moto; its tasks run by then. */
  static async open(motoUrl: string, region: string): Promise<PlayedTasks> {
    const settings = { endpoint: motoUrl, region, credentials: REHEARSED };
    const ecs = new ECSClient(settings);
    const { clusterArns: [cluster] = [] } = await ecs.send(new ListClustersCommand({}));
    const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
    const { services: [service] = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: serviceArns }),
    );
    const asked = { taskDefinition: service?.taskDefinition };
    const { taskDefinition = {} } = await ecs.send(new DescribeTaskDefinitionCommand(asked));
    const { name, alternateName } = topology.targetGroups.game;
    const groups = await new ElasticLoadBalancingV2Client(settings).send(
      new DescribeTargetGroupsCommand({ Names: [name, alternateName] }),
    );
    const arn = (of: string) =>
      groups.TargetGroups?.find((group) => group.TargetGroupName === of)?.TargetGroupArn ?? "";
    const model = new EcsModel(systemClock, taskDefinition, [arn(name), arn(alternateName)], 0);
    Object.assign(model.state.behaviour, QUICK); // before the first task is started
    model.state.desiredCount = service?.desiredCount ?? 0;
    const isUp = () =>
      model.state.tasks.filter(({ target }) => target === "healthy").length >= model.state.desiredCount;
    for (let waitedMs = 0; !isUp() && waitedMs < START_MAX_MS; waitedMs += START_POLL_MS)
      await systemClock.sleep(START_POLL_MS);
    return new PlayedTasks(model);
  }

  /** Of an operation of ECS's JSON protocol; rejects with an error as the SDK has it. */
  async answer(operation: string, input: unknown): Promise<unknown> {
    const Command = PLAYED[operation];
    if (Command === undefined) throw new Error(`nobody plays ${operation}`);
    return withSeconds(await this.#model.ecs.send(new Command(input) as never));
  }

  /** What moto has registered. */
  learn(taskDefinition: TaskDefinition): void {
    this.#model.state.definitions.push(taskDefinition);
  }

  /** What moto has been told as well: from now on tasks follow it. */
  async update(input: UpdateServiceCommandInput): Promise<void> {
    await this.#model.ecs.send(new UpdateServiceCommand(input));
  }

  /** Of DescribeTargetHealth: host, port and state of the group's targets. */
  async targets(groupArn: string): Promise<readonly TargetHealthDescription[]> {
    const answer = await this.#model.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn }));
    return answer.TargetHealthDescriptions ?? [];
  }

  close(): void {
    this.#model.close();
  }
}

/** The JSON protocol has times as seconds. */
function withSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (Array.isArray(value)) return value.map(withSeconds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSeconds(inner)]));
}
