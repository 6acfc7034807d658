// What a task definition says of a release, and the next one made of it. Pure. Everything that the CDK app has put into
// it stays: roles, secrets, limits, logs.
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, TaskDefinition } from "@aws-sdk/client-ecs";
import { Refusal } from "../../stack/refusal.ts";
import { names, type Settings } from "../settings.ts";

/** Names of the variables that only this generation has, so that the next one is made without them. */
const EXTRA_LABEL = "tidegate.extra-environment";

export interface DefinedRelease {
  readonly version: string;
  readonly generation: number;
  /** The group that it is meant for. ECS decides, and so the server watches the other one as well. */
  readonly targetGroupArn: string;
  /** With its tag. */
  readonly image: string;
  readonly architecture: Settings["architecture"];
}

export interface NextRelease extends Omit<DefinedRelease, "architecture"> {
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws a Refusal for a task definition that is not one of ours. */
export function readDefinition(definition: TaskDefinition): DefinedRelease {
  const game = gameIn(definition);
  const variable = (name: string) => game.environment?.find((one) => one.name === name)?.value;
  const [version, targetGroupArn] = [variable("VERSION"), variable("TARGET_GROUP_ARN")];
  const generation = Number(variable("GENERATION"));
  if (version === undefined || targetGroupArn === undefined || !Number.isInteger(generation)) {
    throw notOurs(definition, "VERSION, GENERATION and TARGET_GROUP_ARN in its environment");
  }
  const architecture = definition.runtimePlatform?.cpuArchitecture === "ARM64" ? "arm64" : "x86_64";
  return { version, generation, targetGroupArn, image: game.image ?? "", architecture };
}

export function nextDefinition(base: TaskDefinition, next: NextRelease): RegisterTaskDefinitionCommandInput {
  const { taskDefinitionArn, revision, status, requiresAttributes, compatibilities, ...said } = base;
  const { registeredAt, registeredBy, deregisteredAt, ...rest } = said; // none of these is taken in a request
  const containers = base.containerDefinitions ?? [];
  const game = gameIn(base);
  return {
    ...rest,
    family: base.family,
    containerDefinitions: containers.map((one) => (one === game ? nextContainer(one, next) : one)),
  };
}

function nextContainer(game: ContainerDefinition, next: NextRelease): ContainerDefinition {
  const { [EXTRA_LABEL]: extra = "", ...labels } = game.dockerLabels ?? {};
  const variables = new Map(game.environment?.map(({ name = "", value = "" }) => [name, value]));
  for (const name of extra.split(",")) variables.delete(name);
  const groups = [variables.get("TARGET_GROUP_ARN"), variables.get("ALTERNATE_TARGET_GROUP_ARN")];
  const alternate = groups.find((arn) => arn !== undefined && arn !== next.targetGroupArn);
  const own = {
    VERSION: next.version,
    GENERATION: String(next.generation),
    TARGET_GROUP_ARN: next.targetGroupArn,
    ...(alternate !== undefined && { ALTERNATE_TARGET_GROUP_ARN: alternate }),
  };
  for (const [name, value] of Object.entries({ ...own, ...next.environment })) variables.set(name, value);
  const extras = Object.keys(next.environment);
  return {
    ...game,
    image: next.image,
    environment: [...variables].map(([name, value]) => ({ name, value })),
    dockerLabels: extras.length === 0 ? labels : { ...labels, [EXTRA_LABEL]: extras.join(",") },
  };
}

function gameIn(definition: TaskDefinition): ContainerDefinition {
  const game = definition.containerDefinitions?.find(({ name }) => name === names.container);
  if (game === undefined) throw notOurs(definition, `a container ${names.container}`);
  return game;
}

const notOurs = ({ taskDefinitionArn }: TaskDefinition, what: string): Refusal =>
  new Refusal("not-ours", `${taskDefinitionArn} is no task definition of a game server: it lacks ${what}.`);
