// Which version and generation a region's template is to be made with. Rollouts change what runs without CloudFormation's knowledge; whoever
// then deploys the set-up again must not bring the old version back, nor replace servers for nothing.
import { GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import { z } from "zod";
import type { Release } from "../../stack/home.ts";
import { names } from "../settings.ts";
import type { AwsClients } from "./aws-clients.ts";
import type { StackFacts } from "./stacks.ts";

/** Of a template, what decides whether servers are replaced. */
const serversSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown().optional() })),
});
const SERVER_TYPES = ["AWS::ECS::TaskDefinition", "AWS::ECS::Service"];

const variableSchema = z.array(z.object({ Name: z.string(), Value: z.unknown() }));
const containersSchema = z.object({
  ContainerDefinitions: z.array(z.looseObject({ Name: z.unknown(), Environment: variableSchema.optional() })),
});

export interface RunningRelease extends Release {
  /** With its tag. */
  readonly image: string;
}

export interface Chosen {
  /** The image that runs, with its tag; undefined at first. */
  readonly image?: string;
  readonly release: Release;
  readonly template: string;
  /** `keep`: servers stay; `first`: nothing runs yet; `replace`: their set-up changes, so a new generation of the version that runs takes over. */
  readonly step: "keep" | "first" | "replace";
}

export interface Choice {
  /** What CloudFormation knows; undefined where there is no stack, or one that never served. */
  readonly recorded: string | undefined;
  /** Undefined while no service runs. */
  readonly running: RunningRelease | undefined;
  /** Of a first deploy. */
  readonly first: Release;
  readonly synth: (release: Release) => Promise<string>;
}

export async function chooseRelease({ recorded, running, first, synth }: Choice): Promise<Chosen> {
  const known = recorded === undefined ? undefined : releaseOf(recorded);
  if (recorded === undefined || known === undefined || running === undefined)
    return { release: first, template: await synth(first), step: "first" };
  const same = await synth(known);
  if (serversOf(same) === serversOf(recorded))
    return { release: known, template: same, step: "keep", image: running.image };
  const next = { version: running.version, generation: Math.max(running.generation, known.generation) + 1 };
  return { release: next, template: await synth(next), step: "replace", image: running.image };
}

/** What the template's task definition says; undefined when it says nothing of the kind. */
export function releaseOf(template: string): Release | undefined {
  const { Resources } = serversSchema.parse(JSON.parse(template));
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== "AWS::ECS::TaskDefinition") continue;
    const game = containersSchema.parse(Properties).ContainerDefinitions.find(({ Name }) => Name === names.container);
    const release = readRelease((name) => game?.Environment?.find(({ Name }) => Name === name)?.Value);
    if (release !== undefined) return release;
  }
  return undefined;
}

function serversOf(template: string): string {
  const { Resources } = serversSchema.parse(JSON.parse(template));
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

/** Undefined where there is no stack. */
export async function recordedTemplate(
  cloudFormation: AwsClients["cloudFormation"],
  name: string,
): Promise<string | undefined> {
  const answer = await cloudFormation.send(new GetTemplateCommand({ StackName: name, TemplateStage: "Original" }));
  return answer.TemplateBody;
}

/** What the service of a region's stack starts; undefined while there is none. */
export async function runningRelease(ecs: AwsClients["ecs"], facts: StackFacts): Promise<RunningRelease | undefined> {
  const { ClusterName, ServiceName } = facts.outputs;
  if (ClusterName === undefined || ServiceName === undefined) return undefined;
  const answer = await ecs.send(new DescribeServicesCommand({ cluster: ClusterName, services: [ServiceName] }));
  const service = answer.services?.find(({ status }) => status === "ACTIVE");
  if (service === undefined) return undefined;
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }));
  return releaseOfTask(described.taskDefinition);
}

function releaseOfTask(definition: TaskDefinition | undefined): RunningRelease | undefined {
  const game = definition?.containerDefinitions?.find(({ name }) => name === names.container);
  const release = readRelease((name) => game?.environment?.find((variable) => variable.name === name)?.value);
  return release === undefined ? undefined : { ...release, image: game?.image ?? "" };
}

function readRelease(variable: (name: string) => unknown): Release | undefined {
  const version = variable("VERSION");
  const generation = Number(variable("GENERATION"));
  return typeof version === "string" && Number.isInteger(generation) ? { version, generation } : undefined;
}
