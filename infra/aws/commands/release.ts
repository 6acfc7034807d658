// Which version and generation a region's template is to be made with, and for how many servers. Rollouts and the autoscaling change what runs
// without CloudFormation's knowledge; whoever then deploys the set-up again must not bring the old version back, nor replace servers for nothing,
// nor take away those that the autoscaling has added. Pure.
import { z } from "zod";
import type { Release } from "../../stack/home.ts";
import { topology } from "../../stack/topology.ts";
import { type FleetSize, names, type Settings } from "../settings.ts";

const TASK_DEFINITION = "AWS::ECS::TaskDefinition";
const SERVICE = "AWS::ECS::Service";
const SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget";
/** Of a template, what decides whether servers are replaced. */
const SERVER_TYPES = [TASK_DEFINITION, SERVICE];

const templateSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown().optional() })),
});
const variableSchema = z.array(z.object({ Name: z.string(), Value: z.unknown() }));
const containersSchema = z.object({
  ContainerDefinitions: z.array(z.looseObject({ Name: z.unknown(), Environment: variableSchema.optional() })),
});
const serviceSchema = z.object({ DesiredCount: z.number() });
const scalableSchema = z.object({ MinCapacity: z.number() });

/** What a template says that changes without a deploy. */
export type Carried = Release & FleetSize;

export interface RunningService extends Release {
  /** With its tag. */
  readonly image: string;
  /** How many there should be by now. */
  readonly servers: number;
}

export interface Chosen {
  /** Undefined at first. */
  readonly running?: RunningService;
  readonly carried: Carried;
  readonly template: string;
  /** `keep`: servers stay; `first`: nothing runs yet; `replace`: their set-up changes, so a new generation of the version that runs takes over. */
  readonly step: "keep" | "first" | "replace";
}

export interface Choice {
  /** What CloudFormation knows; undefined where there is no stack, or one that never served. */
  readonly recorded: string | undefined;
  /** Undefined while no service runs. */
  readonly running: RunningService | undefined;
  /** Of a first deploy; its size also of a later one, when it was said. */
  readonly first: Carried & Pick<Settings, "isSizeSaid">;
  readonly synth: (carried: Carried) => Promise<string>;
}

export async function chooseRelease({ recorded, running, first, synth }: Choice): Promise<Chosen> {
  const known = recorded === undefined ? undefined : carriedBy(recorded);
  if (recorded === undefined || known === undefined || running === undefined) return firstTime(first, synth);
  const minServers = first.isSizeSaid ? first.minServers : known.minServers;
  // A service is told the number of its servers by CloudFormation only when it is changed anyway.
  const same = { ...known, minServers };
  const template = await synth(same);
  if (serversOf(template) === serversOf(recorded)) return { carried: same, template, step: "keep", running };
  const next = {
    ...{ version: running.version, generation: Math.max(running.generation, known.generation) + 1, minServers },
    servers: first.isSizeSaid
      ? first.servers
      : within(minServers, running.servers, topology.autoscaling.aws.maxServers),
  };
  return { carried: next, template: await synth(next), step: "replace", running };
}

async function firstTime(
  { version, generation, servers, minServers }: Carried,
  synth: Choice["synth"],
): Promise<Chosen> {
  const carried = { version, generation, servers, minServers };
  return { carried, template: await synth(carried), step: "first" };
}

const within = (min: number, value: number, max: number): number => Math.max(min, Math.min(value, max));

/** Undefined for a template without a service of ours. */
export function carriedBy(template: string): Carried | undefined {
  const { Resources } = templateSchema.parse(JSON.parse(template));
  const find = <T>(type: string, schema: z.ZodType<T>): T | undefined => {
    const found = Object.values(Resources).find(({ Type }) => Type === type);
    return found && schema.parse(found.Properties);
  };
  const containers = find(TASK_DEFINITION, containersSchema)?.ContainerDefinitions;
  const game = containers?.find(({ Name }) => Name === names.container);
  const release = readRelease((name) => game?.Environment?.find(({ Name }) => Name === name)?.Value);
  const servers = find(SERVICE, serviceSchema)?.DesiredCount;
  const minServers = find(SCALABLE_TARGET, scalableSchema)?.MinCapacity;
  if (release === undefined || servers === undefined || minServers === undefined) return undefined;
  return { ...release, servers, minServers };
}

function serversOf(template: string): string {
  const { Resources } = templateSchema.parse(JSON.parse(template));
  const servers = Object.entries(Resources).filter(([, { Type }]) => SERVER_TYPES.includes(Type));
  return JSON.stringify(servers.map(([id, { Type, Properties }]) => [id, Type, sorted(Properties)]).sort());
}

/** The same value with its keys in one order, since AWS keeps templates as text and we write them anew. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** As environments say it: those of templates and of task definitions differ in their letters only. */
export function readRelease(variable: (name: string) => unknown): Release | undefined {
  const version = variable("VERSION");
  const generation = Number(variable("GENERATION"));
  return typeof version === "string" && Number.isInteger(generation) ? { version, generation } : undefined;
}
