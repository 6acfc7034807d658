// The way from nothing, or from what is there, to a deployment that is as the settings say: images, then the regions side by side, then the
// edge, then the pages. Each step may be repeated, so a deploy that stopped anywhere is run again.
import type { Say } from "../../provision/progress.ts";
import type { Clock } from "../../stack/clock.ts";
import type { Release } from "../../stack/home.ts";
import { Refusal } from "../../stack/refusal.ts";
import { type Region, regionsFile } from "../../stack/regions.ts";
import { inOtherGroup, servingArn } from "../rollout/serving-group.ts";
import { imageTag, names, type Settings } from "../settings.ts";
import type { Aws, AwsClients } from "./aws-clients.ts";
import { withAws } from "./aws-errors.ts";
import { type Deployed, findDeployed } from "./deployed.ts";
import type { ClientPlace, ClientToPublish, publishRegions } from "./publish-client.ts";
import type { ImageToPublish } from "./publish-image.ts";
import type { Carried, Chosen, RunningService } from "./release.ts";
import { addTag, removeTag } from "./repository.ts";
import { chooseFor, resizeService, resizeWords, runningService } from "./running-service.ts";
import { deployStack, type StackFacts } from "./stacks.ts";

export interface DeployDependencies {
  readonly aws: Aws;
  /** The templates of all stacks by their names. */
  readonly synth: (settings: Settings) => Promise<ReadonlyMap<string, string>>;
  readonly publishImage: (image: ImageToPublish) => Promise<string>;
  readonly publishClient: (client: ClientToPublish) => Promise<void>;
  readonly publishRegions: typeof publishRegions;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface DeployedRegion extends Release {
  readonly id: Region["id"];
  readonly region: string;
}

export interface DeployOutcome {
  readonly url: string;
  readonly regions: readonly DeployedRegion[];
}

export async function deploy(settings: Settings, given: DeployDependencies): Promise<DeployOutcome> {
  const dependencies = { ...given, synth: synthOnce(given.synth) };
  const { aws } = dependencies;
  const before = await withAws("look for what is there", () => findDeployed(aws));
  const regions = await inAll(settings.regions, dependencies, (region, own) =>
    deployRegion(settings, region, before, own),
  );
  const edge = settings.domain === undefined ? undefined : await deployEdge(settings, dependencies);
  const home = regions[0]!;
  const page = edge ?? home.facts;
  const url = output(page, "Url");
  const place: ClientPlace = {
    bucket: output(page, "ClientBucket"),
    distributionId: output(page, "DistributionId"),
    region: edge === undefined ? home.region : names.edgeRegion,
    say: dependencies.say,
    signal: dependencies.signal,
  };
  await dependencies.publishClient({ ...place, version: home.version });
  const places = settings.regions.map((region, at) => ({ ...region, url: output(regions[at]!.facts, "Url") }));
  const { domain } = settings;
  await dependencies.publishRegions(
    place,
    domain === undefined ? regionsFile([], undefined) : regionsFile(places, `https://${names.liveHost(domain)}`),
  );
  return { url, regions: regions.map(({ facts: _, ...region }) => region) };
}

/** Regions want the same templates at the same time, and each takes seconds. */
function synthOnce(synth: DeployDependencies["synth"]): DeployDependencies["synth"] {
  const made = new Map<string, ReturnType<typeof synth>>();
  return (settings) => {
    const key = JSON.stringify(settings);
    const templates = made.get(key) ?? synth(settings);
    made.set(key, templates);
    return templates;
  };
}

interface Standing extends DeployedRegion {
  readonly facts: StackFacts;
}

async function deployRegion(
  settings: Settings,
  region: Region,
  before: Deployed,
  dependencies: DeployDependencies,
): Promise<Standing> {
  const { aws, clock, say, signal } = dependencies;
  const { cloudFormation } = aws(region.aws);
  const work = { cloudFormation, clock, say, signal };
  const tags = tagsOf(region.id);
  const imagesName = names.imagesStack(region);
  const synth = async (name: string, carried: Carried) =>
    templateOf(await dependencies.synth({ ...settings, ...carried }), name);
  const images = await deployStack({ ...work, name: imagesName }, { body: await synth(imagesName, settings), tags });
  const name = names.regionStack(region);
  const chosen = await withAws(`see what runs in ${region.aws}`, () =>
    chooseFor(aws(region.aws), before.stack(name)?.facts, {
      first: settings,
      synth: (carried) => synth(name, carried),
    }),
  );
  if (chosen.step === "replace") await refuseOtherGroup(region, before.stack(name)?.facts, aws(region.aws).elb);
  await bringImage(settings, region, chosen, output(images, "RepositoryUri"), dependencies);
  const facts = await deployStack({ ...work, name }, { body: chosen.template, tags });
  // CloudFormation may know an older release than the one that a rollout has brought.
  const { version, generation } = (await settle(settings, region, facts, dependencies)) ?? chosen.carried;
  return { id: region.id, region: region.aws, version, generation, facts };
}

/** CloudFormation has ECS roll, and knows nothing of where a rollout has led the traffic. */
async function refuseOtherGroup(region: Region, facts: StackFacts | undefined, elb: AwsClients["elb"]): Promise<void> {
  if (facts === undefined) return;
  const [first, other] = [output(facts, "TargetGroupArn"), output(facts, "AlternateTargetGroupArn")];
  const rule = output(facts, "ListenerRuleArn");
  const serving = await withAws(`see what serves in ${region.aws}`, () => servingArn(elb, rule, [first, other]));
  if (serving === first) return;
  throw inOtherGroup(region, `bring them back by \`npm run aws -- rollout --strategy blue-green\`, and then deploy`);
}

/** What runs in the end. A number of servers that was said holds, whatever autoscaling or operators have made of it. */
async function settle(
  settings: Settings,
  region: Region,
  facts: StackFacts,
  { aws, say }: DeployDependencies,
): Promise<RunningService | undefined> {
  const { ecs } = aws(region.aws);
  return withAws(`see what runs in ${region.aws}`, async () => {
    const running = await runningService(ecs, facts);
    const words = resizeWords(settings, running);
    if (words !== undefined) {
      say(words);
      await resizeService(ecs, facts, settings.servers);
    }
    return running;
  });
}

async function bringImage(
  settings: Settings,
  region: Region,
  { carried, running, step }: Chosen,
  repositoryUri: string,
  { aws, publishImage, say, signal }: DeployDependencies,
): Promise<void> {
  const { ecr } = aws(region.aws);
  if (step === "keep") return;
  await withAws("bring the image", async () => {
    if (step === "replace") {
      say(`The set-up of servers changes: generation ${carried.generation} of ${carried.version} takes over.`);
      const image = running?.image ?? "";
      await addTag(ecr, image.slice(image.lastIndexOf(":") + 1), imageTag(carried));
      return;
    }
    await removeTag(ecr, imageTag(carried));
    const { architecture } = settings;
    const { version, generation } = carried;
    await publishImage({ version, generation, architecture, region: region.aws, repositoryUri, say, signal });
  });
}

async function deployEdge(settings: Settings, dependencies: DeployDependencies): Promise<StackFacts> {
  const { aws, clock, say, signal, synth } = dependencies;
  const { cloudFormation } = aws(names.edgeRegion);
  const body = templateOf(await synth(settings), names.edgeStack);
  return deployStack(
    { cloudFormation, name: names.edgeStack, clock, say, signal },
    { body, tags: tagsOf(names.edgeTag) },
  );
}

/** Regions side by side, since each takes a quarter of an hour; one that fails does not stop the others half way. */
async function inAll<T>(
  regions: readonly Region[],
  dependencies: DeployDependencies,
  work: (region: Region, own: DeployDependencies) => Promise<T>,
): Promise<T[]> {
  const isAlone = regions.length === 1;
  const results = await Promise.allSettled(
    regions.map((region) => {
      const say: Say = (line) => dependencies.say(isAlone ? line : `${region.id}: ${line}`);
      return work(region, { ...dependencies, say });
    }),
  );
  const failed = results.filter((result) => result.status === "rejected");
  for (const { reason } of failed.slice(1)) dependencies.say(reason instanceof Error ? reason.message : String(reason));
  if (failed[0] !== undefined) throw failed[0].reason;
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}

const tagsOf = (tag: string): Record<string, string> => ({ [names.tag]: tag });

function templateOf(templates: ReadonlyMap<string, string>, name: string): string {
  const body = templates.get(name);
  if (body === undefined) throw new Refusal("no-template", `The CDK app has made no template of ${name}.`);
  return body;
}

function output({ id, outputs }: StackFacts, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Refusal("no-output", `The stack ${id} says no ${name}.`);
  return value;
}
