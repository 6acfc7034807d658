// Brings CloudFormation stacks about and takes them away, telling what happens as it happens. A stack that an earlier
// run left half done is mended first; one that somebody is at work on is left alone.
import {
  type Capability,
  CloudFormationServiceException,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
  type StackEvent,
  type StackResourceSummary,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import type { Say } from "../../provision/progress.ts";
import type { Clock } from "../../stack/clock.ts";
import { Refusal } from "../../stack/refusal.ts";
import type { AwsClients } from "./aws-clients.ts";
import { says, withAws } from "./aws-errors.ts";
import { eventLine, firstFailure } from "./stack-events.ts";
import { dutyOf, explainState, isAchieved, isSettled } from "./stack-state.ts";

const POLL_MS = 3_000;
/** Redis and CloudFront take a quarter of an hour; ECS gives up on a service after three hours. */
const STACK_TIMEOUT_MS = 200 * 60_000;
/** What CloudFormation takes without a bucket to put it in. */
export const TEMPLATE_MAX_BYTES = 51_200;
const CAPABILITIES: Capability[] = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"];

export interface StackFacts {
  readonly id: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StackWork {
  readonly cloudFormation: AwsClients["cloudFormation"];
  readonly name: string;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface StackTemplate {
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Undefined when there is no such stack. A deleted one is known by its id only. */
export async function describeStack(
  cloudFormation: AwsClients["cloudFormation"],
  nameOrId: string,
): Promise<StackFacts | undefined> {
  try {
    const answer = await cloudFormation.send(new DescribeStacksCommand({ StackName: nameOrId }));
    const stack = answer.Stacks?.[0];
    return stack === undefined ? undefined : factsOf(stack);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Resolves to what the stack says of itself when it stands as `template` wants it. */
export async function deployStack(work: StackWork, template: StackTemplate): Promise<StackFacts> {
  const { cloudFormation, name, say } = work;
  return withAws(`deploy ${name}`, async () => {
    refuseLongTemplate(name, template.body);
    const before = await mend(work);
    const input = {
      StackName: name,
      TemplateBody: template.body,
      Capabilities: CAPABILITIES,
      Tags: Object.entries(template.tags).map(([Key, Value]) => ({ Key, Value })),
    };
    if (before === undefined) {
      say(`Creating ${name} ...`);
      // A first deploy that fails leaves nothing behind that costs.
      const { StackId } = await cloudFormation.send(new CreateStackCommand({ ...input, OnFailure: "DELETE" }));
      return follow(work, { id: StackId ?? name, lastEvent: undefined });
    }
    const lastEvent = (await eventsSince(work, before.id, undefined)).at(-1)?.EventId;
    try {
      await cloudFormation.send(new UpdateStackCommand(input));
    } catch (error) {
      if (!says(error, /No updates are to be performed/)) throw error;
      say(`${name} is as it should be.`);
      return before;
    }
    say(`Updating ${name} ...`);
    return follow(work, { id: before.id, lastEvent });
  });
}

/** Resolves when the stack is gone, to the resources that it left behind; none when there is no such stack. */
export async function deleteStack(work: StackWork): Promise<readonly StackResourceSummary[]> {
  const { cloudFormation, name, say } = work;
  return withAws(`delete ${name}`, async () => {
    const before = await describeStack(cloudFormation, name);
    if (before === undefined) return [];
    const isUnderWay = before.status === "DELETE_IN_PROGRESS";
    if (!isUnderWay && !isSettled(before.status) && before.status !== "REVIEW_IN_PROGRESS") throw busy(name, before);
    const lastEvent = (await eventsSince(work, before.id, undefined)).at(-1)?.EventId;
    if (!isUnderWay) await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
    say(`Deleting ${name} ...`);
    await follow(work, { id: before.id, lastEvent });
    const resources = await resourcesOf(cloudFormation, before.id);
    return resources.filter(({ ResourceStatus }) => ResourceStatus === "DELETE_SKIPPED");
  });
}

export async function resourcesOf(
  cloudFormation: AwsClients["cloudFormation"],
  nameOrId: string,
): Promise<StackResourceSummary[]> {
  const resources: StackResourceSummary[] = [];
  let token: string | undefined;
  do {
    const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: nameOrId, NextToken: token }));
    resources.push(...(page.StackResourceSummaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return resources;
}

/** Leaves a stack that can be updated, or undefined when it has to be created. */
async function mend(work: StackWork): Promise<StackFacts | undefined> {
  const { cloudFormation, name, say } = work;
  const facts = await describeStack(cloudFormation, name);
  const duty = dutyOf(facts?.status);
  if (facts === undefined || duty === "create") return undefined;
  if (duty === "update") return facts;
  if (duty === "wait") throw busy(name, facts);
  say(explainState(name, facts.status)!);
  if (duty === "remove-first") {
    await deleteStack(work);
    return undefined;
  }
  const lastEvent = (await eventsSince(work, facts.id, undefined)).at(-1)?.EventId;
  await cloudFormation.send(new ContinueUpdateRollbackCommand({ StackName: name }));
  return follow(work, { id: facts.id, lastEvent }, ["UPDATE_ROLLBACK_COMPLETE"]);
}

/** Tells events until AWS has come to an end, and refuses an end that is not the wanted one. */
async function follow(
  work: StackWork,
  from: { readonly id: string; readonly lastEvent: string | undefined },
  alsoGood: readonly string[] = [],
): Promise<StackFacts> {
  const { clock, cloudFormation, name, say, signal } = work;
  const startMs = clock.nowMs();
  const seen: StackEvent[] = [];
  for (;;) {
    const facts = await describeStack(cloudFormation, from.id);
    const news = await eventsSince(work, from.id, seen.at(-1)?.EventId ?? from.lastEvent);
    for (const event of news) {
      const line = eventLine(event, (clock.nowMs() - startMs) / 1000);
      if (line !== undefined) say(line);
    }
    seen.push(...news);
    if (facts === undefined) throw new Refusal("stack-gone", `${name} is gone: somebody else has deleted it.`);
    if (isSettled(facts.status)) {
      if (isAchieved(facts.status) && !(isCreation(seen) && facts.status === "DELETE_COMPLETE")) return facts;
      if (alsoGood.includes(facts.status)) return facts;
      throw failed(name, facts, seen);
    }
    if (signal.aborted) throw left(name, "interrupted");
    if (clock.nowMs() - startMs > STACK_TIMEOUT_MS) throw left(name, "it takes longer than anything should");
    await clock.sleep(POLL_MS, signal);
  }
}

/** A creation that fails ends with the stack deleted, which is not what was wanted. */
const isCreation = (events: readonly StackEvent[]): boolean =>
  events.some((event) => event.PhysicalResourceId === event.StackId && event.ResourceStatus === "CREATE_IN_PROGRESS");

/** Oldest first, without those up to `lastEvent`. */
async function eventsSince(work: StackWork, id: string, lastEvent: string | undefined): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let token: string | undefined;
  do {
    const page = await work.cloudFormation.send(new DescribeStackEventsCommand({ StackName: id, NextToken: token }));
    for (const event of page.StackEvents ?? []) {
      if (event.EventId === lastEvent) return events.reverse();
      events.push(event);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return events.reverse();
}

function factsOf(stack: Stack): StackFacts {
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]);
  return { id: stack.StackId!, status: stack.StackStatus!, outputs: Object.fromEntries(outputs) };
}

const isAbsence = (error: unknown): boolean =>
  error instanceof CloudFormationServiceException && says(error, /does not exist/);

function refuseLongTemplate(name: string, body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= TEMPLATE_MAX_BYTES) return;
  throw new Refusal(
    "template-too-long",
    `The template of ${name} has ${bytes} bytes, and CloudFormation takes ${TEMPLATE_MAX_BYTES}.`,
  );
}

const busy = (name: string, { status }: StackFacts): Refusal =>
  new Refusal("stack-busy", explainState(name, status) ?? `${name} is ${status}.`);

const failed = (name: string, { status }: StackFacts, events: readonly StackEvent[]): Refusal =>
  new Refusal(
    "stack-failed",
    `${name} ended as ${status}. The first reason: ${firstFailure(events) ?? "AWS gives none"}. Mend it and run this again.`,
  );

const left = (name: string, why: string): Refusal =>
  new Refusal("stack-left", `Stopped waiting for ${name} (${why}): AWS goes on with it. Run this again to follow it.`);
