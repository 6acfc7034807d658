// Takes everything away again, in the order in which nothing holds anything else, and asks afterwards whether something is left. It finds what
// there is by itself, also after a deploy or a destruction that stopped half way.
import { DeleteServiceCommand, ServiceNotFoundException } from "@aws-sdk/client-ecs";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import type { Say } from "../../provision/progress.ts";
import type { Clock } from "../../stack/clock.ts";
import { Refusal } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { names } from "../settings.ts";
import type { Aws } from "./aws-clients.ts";
import { says, withAws } from "./aws-errors.ts";
import { emptyBucket } from "./buckets.ts";
import { type DeployedStack, findDeployed } from "./deployed.ts";
import { emptyRepository } from "./repository.ts";
import { deleteStack, resourcesOf } from "./stacks.ts";

/** A load balancer may write its log once more into a bucket that was just emptied. */
const DELETE_ATTEMPTS = 3;
/** AWS lists what has a tag some minutes longer than it exists. */
const LEFTOVER_ATTEMPTS = 10;
const LEFTOVER_POLL_MS = 15_000;

export interface DestroyDependencies {
  readonly aws: Aws;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface DestroyOutcome {
  /** Names of the stacks that are gone. */
  readonly deleted: readonly string[];
  /** What AWS still lists, as ARNs, or as type and id where a stack left it behind. */
  readonly left: readonly string[];
}

/** What would be destroyed; nothing is. The edge goes only with the last region. */
export async function planDestroy(aws: Aws, only: readonly Region[] | undefined): Promise<DeployedStack[]> {
  const { regions, stacks } = await withAws("look for what is there", () => findDeployed(aws));
  if (only === undefined) return inOrder(stacks);
  const isOurs = ({ region, kind }: DeployedStack) => kind !== "edge" && only.some(({ aws: name }) => name === region);
  const isLast = regions.every((region) => only.some(({ id }) => id === region.id));
  return inOrder(stacks.filter((stack) => isOurs(stack) || (stack.kind === "edge" && isLast)));
}

/** First the page that leads people here, then what serves them, then what that was started from. */
const ORDER = ["edge", "region", "images"] as const;
const inOrder = (stacks: readonly DeployedStack[]): DeployedStack[] =>
  ORDER.flatMap((kind) => stacks.filter((stack) => stack.kind === kind));

export async function destroy(
  plan: readonly DeployedStack[],
  dependencies: DestroyDependencies,
): Promise<DestroyOutcome> {
  const left: string[] = [];
  for (const kind of ORDER) {
    const results = await Promise.allSettled(
      plan.filter((stack) => stack.kind === kind).map((stack) => destroyStack(stack, dependencies)),
    );
    const failed = results.filter((result) => result.status === "rejected");
    for (const { reason } of failed.slice(1)) dependencies.say(String((reason as Error).message));
    if (failed[0] !== undefined) throw failed[0].reason;
    left.push(...results.flatMap((result) => (result as PromiseFulfilledResult<string[]>).value));
  }
  for (const region of new Set(plan.map((stack) => stack.region)))
    left.push(...(await leftovers(region, plan, dependencies)));
  return { deleted: plan.map(({ name }) => name), left };
}

async function destroyStack(stack: DeployedStack, dependencies: DestroyDependencies): Promise<string[]> {
  const { aws, clock, say, signal } = dependencies;
  const { cloudFormation } = aws(stack.region);
  for (let attempt = 1; ; attempt += 1) {
    await withAws(`empty ${stack.name}`, () => emptyStack(stack, dependencies));
    try {
      const skipped = await deleteStack({ cloudFormation, name: stack.name, clock, say, signal });
      return skipped.map(({ ResourceType, PhysicalResourceId }) => `${ResourceType} ${PhysicalResourceId}`);
    } catch (error) {
      const isLast = attempt === DELETE_ATTEMPTS || signal.aborted;
      if (isLast || !(error instanceof Refusal) || error.code !== "stack-failed") throw error;
      say(`${error.message.replace(/ Mend it and run this again\.$/, "")} Trying once more.`);
    }
  }
}

/** Ends the servers and empties what CloudFormation deletes only when it is empty. */
async function emptyStack(stack: DeployedStack, { aws, say, signal }: DestroyDependencies): Promise<void> {
  const clients = aws(stack.region);
  if (stack.kind === "images") {
    const images = await emptyRepository(clients.ecr);
    if (images > 0) say(`Deleted ${images} images in ${stack.region}.`);
  }
  if (stack.kind === "region") await endService(stack, clients.ecs);
  for (const { ResourceType, PhysicalResourceId } of await resourcesOf(clients.cloudFormation, stack.facts.id)) {
    if (ResourceType !== "AWS::S3::Bucket" || PhysicalResourceId === undefined) continue;
    const objects = await emptyBucket(clients.s3, PhysicalResourceId, signal);
    if (objects > 0) say(`Deleted ${objects} objects in ${PhysicalResourceId}.`);
  }
}

/** By force, since servers with people in them are protected from being scaled in. They still get to say goodbye. */
async function endService({ facts }: DeployedStack, ecs: ReturnType<Aws>["ecs"]): Promise<void> {
  const { ClusterName: cluster, ServiceName: service } = facts.outputs;
  if (cluster === undefined || service === undefined) return;
  try {
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  } catch (error) {
    // An earlier run may have ended it, or its cluster as well.
    if (!(error instanceof ServiceNotFoundException) && !says(error, /not active|not found/i)) throw error;
  }
}

/** What still carries our tag, as ARNs. Asked until AWS's list is empty, or for some minutes. */
async function leftovers(
  region: string,
  plan: readonly DeployedStack[],
  { aws, clock, say, signal }: DestroyDependencies,
): Promise<string[]> {
  const values = plan.filter((stack) => stack.region === region).map(({ tag }) => tag);
  for (let attempt = 1; ; attempt += 1) {
    const arns = await withAws("ask what is left", () => tagged(aws(region).tagging, values));
    if (arns.length === 0 || attempt === LEFTOVER_ATTEMPTS || signal.aborted) return arns;
    if (attempt === 1) say(`AWS still lists ${arns.length} things in ${region}; its list lags behind ...`);
    await clock.sleep(LEFTOVER_POLL_MS, signal);
  }
}

async function tagged(tagging: ReturnType<Aws>["tagging"], values: readonly string[]): Promise<string[]> {
  const arns: string[] = [];
  let token: string | undefined;
  do {
    const filter = { TagFilters: [{ Key: names.tag, Values: [...values] }], PaginationToken: token };
    const page = await tagging.send(new GetResourcesCommand(filter));
    arns.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN = "" }) => ResourceARN));
    token = page.PaginationToken || undefined; // the last page says ""
  } while (token !== undefined);
  // Task definitions of past generations stay listed for ever, cost nothing and cannot be taken away.
  return arns.filter((arn) => !arn.includes(":task-definition/"));
}

/** For people: every stack, and where it is. */
export const planText = (plan: readonly DeployedStack[]): string =>
  plan
    .map(({ name, region, facts }) => `  ${name.padEnd(names.edgeStack.length + 8)} ${region}  ${facts.status}`)
    .join("\n");
