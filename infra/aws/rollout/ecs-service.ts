// One ECS service by ECS's API: what is read of it, and the few things that a rollout changes. Nothing is decided here.
import {
  ContinueServiceDeploymentCommand,
  type DeploymentConfiguration,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
  StopServiceDeploymentCommand,
  type Task,
  type TaskDefinition,
  UpdateServiceCommand,
  UpdateTaskProtectionCommand,
} from "@aws-sdk/client-ecs";
import { Refusal } from "../../stack/refusal.ts";
import { DESCRIBE_MAX_TASKS, PROTECT_MAX_TASKS } from "./limits.ts";

/** Of a deployment that has not come to its end. */
const UNDER_WAY: ServiceDeploymentStatus[] = [
  ...(["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"] as const),
];

export class EcsService {
  readonly #ecs: Pick<ECSClient, "send">;
  readonly #where: { readonly cluster: string; readonly service: string };
  /** A revision never changes. */
  readonly #definitions = new Map<string, TaskDefinition>();

  constructor(
    ecs: Pick<ECSClient, "send">,
    { cluster, service }: { readonly cluster: string; readonly service: string },
  ) {
    this.#ecs = ecs;
    this.#where = { cluster, service };
  }

  // --- reads ----------------------------------------------------------------------------------------------------------

  async describe(): Promise<Service> {
    const { cluster, service } = this.#where;
    const { services } = await this.#ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const found = services?.find(({ status }) => status === "ACTIVE");
    if (found === undefined) throw new Refusal("no-service", `The cluster ${cluster} has no service ${service}.`);
    return found;
  }

  /** Those that run or start, and those that have stopped within about the last hour. */
  async tasks(): Promise<Task[]> {
    const [running, stopped] = await Promise.all([this.#listTasks("RUNNING"), this.#listTasks("STOPPED")]);
    const arns = [...new Set([...running, ...stopped])];
    const tasks: Task[] = [];
    for (let at = 0; at < arns.length; at += DESCRIBE_MAX_TASKS) {
      const request = { cluster: this.#where.cluster, tasks: arns.slice(at, at + DESCRIBE_MAX_TASKS) };
      tasks.push(...((await this.#ecs.send(new DescribeTasksCommand(request))).tasks ?? []));
    }
    return tasks;
  }

  async #listTasks(desiredStatus: "RUNNING" | "STOPPED"): Promise<string[]> {
    const { cluster, service: serviceName } = this.#where;
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus, nextToken }));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return arns;
  }

  async definition(arn: string): Promise<TaskDefinition> {
    const known = this.#definitions.get(arn);
    if (known !== undefined) return known;
    const definition = await this.newestDefinition(arn);
    this.#definitions.set(arn, definition);
    return definition;
  }

  /** The newest revision, when only the family is named. */
  async newestDefinition(family: string): Promise<TaskDefinition> {
    const answer = await this.#ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
    if (answer.taskDefinition === undefined)
      throw new Refusal("no-definition", `ECS knows no task definition ${family}.`);
    return answer.taskDefinition;
  }

  /** The deployment that has not come to its end; undefined when the service stands still. */
  async underWay(): Promise<ServiceDeployment | undefined> {
    const request = { ...this.#where, status: UNDER_WAY };
    const { serviceDeployments } = await this.#ecs.send(new ListServiceDeploymentsCommand(request));
    const arn = serviceDeployments?.[0]?.serviceDeploymentArn;
    if (arn === undefined) return undefined;
    const described = await this.#ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    return described.serviceDeployments?.[0];
  }

  // --- changes --------------------------------------------------------------------------------------------------------

  /** Resolves to the new revision's ARN. */
  async register(definition: RegisterTaskDefinitionCommandInput): Promise<string> {
    const { taskDefinition } = await this.#ecs.send(new RegisterTaskDefinitionCommand(definition));
    if (taskDefinition?.taskDefinitionArn === undefined)
      throw new Refusal("ecs-answer", "ECS's answer to RegisterTaskDefinition has no ARN in it.");
    return taskDefinition.taskDefinitionArn;
  }

  /** A task definition begins a deployment; a configuration alone does not. */
  async update(change: { taskDefinition?: string; deploymentConfiguration?: DeploymentConfiguration }): Promise<void> {
    await this.#ecs.send(new UpdateServiceCommand({ ...this.#where, ...change }));
  }

  /** Back to the revision before it. */
  async rollBack(serviceDeploymentArn: string): Promise<void> {
    await this.#ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
  }

  /** Of a deployment that waits for it. */
  async decide(serviceDeploymentArn: string, hookId: string, action: "CONTINUE" | "ROLLBACK"): Promise<void> {
    await this.#ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
  }

  /** No scale-in and no deployment ends these tasks for so long. Throws a Refusal when ECS does not grant it for one of them. */
  async protect(tasks: readonly string[], expiresInMinutes: number): Promise<void> {
    await this.#setProtection(tasks, { protectionEnabled: true, expiresInMinutes });
  }

  /** ECS may end them as it likes. One that has ended meanwhile is no failure. */
  async release(tasks: readonly string[]): Promise<void> {
    await this.#setProtection(tasks, { protectionEnabled: false });
  }

  async #setProtection(
    tasks: readonly string[],
    wanted: { protectionEnabled: boolean; expiresInMinutes?: number },
  ): Promise<void> {
    for (let at = 0; at < tasks.length; at += PROTECT_MAX_TASKS) {
      const request = { cluster: this.#where.cluster, tasks: tasks.slice(at, at + PROTECT_MAX_TASKS), ...wanted };
      const { failures } = await this.#ecs.send(new UpdateTaskProtectionCommand(request));
      const failure = failures?.find(({ reason }) => wanted.protectionEnabled || !GONE.has(reason ?? ""));
      if (failure !== undefined) {
        const why = [failure.reason, failure.detail].filter(Boolean).join(", ");
        throw new Refusal("not-protected", `ECS refuses to change the protection of ${failure.arn}: ${why}.`);
      }
    }
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
const GONE: ReadonlySet<string> = new Set(["MISSING", "TASK_NOT_VALID"]);
