// An AWS account for tests, behind the same clients: stacks that take their time on a virtual clock, and whatever else a test says AWS answers.
// It knows as much of AWS as the commands ask for; the rehearsal asks an API that we did not write.
import { CloudFormationServiceException, type StackEvent } from "@aws-sdk/client-cloudformation";
import { VirtualClock } from "../../../stack/testing/virtual-clock.ts";
import type { Aws, AwsClients } from "../aws-clients.ts";

const STACK_MS = 60_000;

/** With whatever state AWS may say. */
export type StandInEvent = Partial<Omit<StackEvent, "ResourceStatus">> & { readonly ResourceStatus: string };

/** How a stack's next piece of work ends. */
export interface Fate {
  readonly status: string;
  readonly events?: readonly StandInEvent[];
}

export interface StandInStack {
  readonly id: string;
  status: string;
  template: string;
  outputs: Record<string, string>;
  resources: { readonly type: string; readonly id: string }[];
  events: StandInEvent[];
  /** What becomes of it, and when. */
  pending: { readonly atMs: number; readonly fate: Fate } | undefined;
}

type Answer = (input: never, region: string) => unknown;

export class StandInAccount {
  readonly clock = new VirtualClock();
  /** `eu-west-1 CreateStack tidegate-eu`, in order; questions that change nothing are left out. */
  readonly changes: string[] = [];
  readonly #stacks = new Map<string, StandInStack>();
  readonly #answers = new Map<string, Answer>();
  readonly #fates = new Map<string, Fate[]>();
  readonly #outputs: Record<string, string>;
  #events = 0;

  /** `outputs`: of every stack that nothing else is said of. */
  constructor(outputs: Readonly<Record<string, string>> = {}) {
    this.#outputs = outputs;
  }

  readonly aws: Aws = (region) => {
    const client = { send: async (command: object) => this.#answer(command, region) };
    const names = [
      ...["cloudFormation", "cloudFront", "ecr", "ecs", "elb", "iam", "quotas", "route53", "s3", "secrets", "sts"],
      "tagging",
    ];
    return { region, ...Object.fromEntries(names.map((name) => [name, client])) } as unknown as AwsClients;
  };

  /** What AWS answers to an operation from now on; what it throws is thrown. */
  on(operation: string, answer: Answer): this {
    this.#answers.set(operation, answer);
    return this;
  }

  /** How pieces of work on this stack end, one after the other; well, when nothing is said. */
  fate(region: string, name: string, ...fates: Fate[]): this {
    this.#fates.set(`${region} ${name}`, fates);
    return this;
  }

  /** A stack of an earlier run. */
  put(region: string, name: string, stack: Partial<StandInStack>): this {
    const id = `arn:aws:cloudformation:${region}:111122223333:stack/${name}/0`;
    const whole = {
      id,
      status: "CREATE_COMPLETE",
      template: "{}",
      outputs: this.#outputs,
      resources: [],
      events: [],
      pending: undefined,
    };
    this.#stacks.set(`${region} ${name}`, { ...whole, ...stack });
    return this;
  }

  stack(region: string, name: string): StandInStack | undefined {
    return this.#stacks.get(`${region} ${name}`);
  }

  #answer(command: object, region: string): unknown {
    const operation = command.constructor.name.replace(/Command$/, "");
    const { input } = command as { input: Record<string, unknown> };
    if (!/^(Describe|List|Get|Simulate|BatchGet)/.test(operation)) {
      const what = input.StackName ?? input.Key ?? input.Bucket ?? input.service ?? input.repositoryName ?? "";
      this.changes.push(`${region} ${operation} ${what}`.trim());
    }
    const scripted = this.#answers.get(operation);
    if (scripted !== undefined) return scripted(input as never, region);
    return this.#standard(operation, input, region);
  }

  #standard(operation: string, input: Record<string, unknown>, region: string): unknown {
    const name = String(input.StackName ?? "");
    switch (operation) {
      case "DescribeStacks": {
        const stack = this.#find(region, name);
        const outputs = Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
        return { Stacks: [{ StackId: stack.id, StackStatus: stack.status, Outputs: outputs }] };
      }
      case "DescribeStackEvents":
        return { StackEvents: [...this.#find(region, name).events].reverse() };
      case "ListStackResources": {
        const { resources, status } = this.#find(region, name);
        const ResourceStatus = status === "DELETE_COMPLETE" ? "DELETE_COMPLETE" : "CREATE_COMPLETE";
        return {
          StackResourceSummaries: resources.map(({ id, type }) => ({
            ...{ ResourceStatus, ResourceType: type, PhysicalResourceId: id },
          })),
        };
      }
      case "GetTemplate":
        return { TemplateBody: this.#find(region, name).template };
      case "CreateStack":
        if (this.stack(region, name)?.status === "DELETE_COMPLETE") this.#stacks.delete(`${region} ${name}`);
        this.put(region, name, { template: String(input.TemplateBody), status: "CREATE_IN_PROGRESS" });
        return this.#work(region, name, "CREATE_IN_PROGRESS", { status: "CREATE_COMPLETE" });
      case "UpdateStack": {
        const stack = this.#find(region, name);
        if (stack.template === input.TemplateBody) throw validation("No updates are to be performed.");
        stack.template = String(input.TemplateBody);
        return this.#work(region, name, "UPDATE_IN_PROGRESS", { status: "UPDATE_COMPLETE" });
      }
      case "ContinueUpdateRollback":
        return this.#work(region, name, "UPDATE_ROLLBACK_IN_PROGRESS", { status: "UPDATE_ROLLBACK_COMPLETE" });
      case "DeleteStack":
        return this.#work(region, name, "DELETE_IN_PROGRESS", { status: "DELETE_COMPLETE" });
      case "GetCallerIdentity":
        return { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/somebody" };
      default:
        return {};
    }
  }

  #work(region: string, name: string, status: string, well: Fate): { StackId: string } {
    const stack = this.#find(region, name);
    const fate = this.#fates.get(`${region} ${name}`)?.shift() ?? well;
    stack.status = status;
    stack.pending = { atMs: this.clock.nowMs() + STACK_MS, fate };
    this.#tell(stack, { PhysicalResourceId: stack.id, ResourceStatus: status });
    return { StackId: stack.id };
  }

  #tell(stack: StandInStack, event: StandInEvent): void {
    this.#events += 1;
    stack.events.push({
      StackName: "",
      Timestamp: new Date(0),
      StackId: stack.id,
      EventId: String(this.#events),
      ...event,
    });
  }

  /** As AWS has it: a stack that is gone is found by its id only. */
  #find(region: string, nameOrId: string): StandInStack {
    const byId = nameOrId.startsWith("arn:");
    const stack = byId
      ? [...this.#stacks.values()].find(({ id }) => id === nameOrId)
      : this.#stacks.get(`${region} ${nameOrId}`);
    if (stack !== undefined) this.#settle(stack);
    if (stack === undefined || (stack.status === "DELETE_COMPLETE" && !byId))
      throw validation(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  #settle(stack: StandInStack): void {
    if (stack.pending === undefined || this.clock.nowMs() < stack.pending.atMs) return;
    const { fate } = stack.pending;
    stack.pending = undefined;
    for (const event of fate.events ?? []) this.#tell(stack, event);
    stack.status = fate.status;
    this.#tell(stack, { PhysicalResourceId: stack.id, ResourceStatus: fate.status });
  }
}

const validation = (message: string): CloudFormationServiceException =>
  new CloudFormationServiceException({ name: "ValidationError", $fault: "client", $metadata: {}, message });

/** An error as AWS's SDK has it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });

/** Lets time pass until `work` has ended, however it ends. */
export async function untilDone<T>(account: StandInAccount, work: Promise<T>): Promise<T> {
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  ended.catch(() => {}); // it is the caller's
  while (!isDone) await account.clock.advance(1_000);
  return ended;
}
