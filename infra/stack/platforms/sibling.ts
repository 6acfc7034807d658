// A further container of a Compose service, as Compose would have made it: from one that is there, with the task's image and variables.
// Pure. It has Compose's labels, so that `docker compose ps`, `logs` and `down` take it for one of theirs.

import { topology } from "../topology.ts";
import type { Container, RunConfig } from "./docker-engine.ts";
import type { TaskSpec } from "./platform.ts";

/** How many containers later a port comes again. */
const PORTS = 10_000;

export const LABELS = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  number: "com.docker.compose.container-number",
  /** Variables of this task only, as JSON. */
  environment: "tidegate.environment",
} as const;

/** What a container has of its own or of its image; the rest of `Config` is of the moment in which it was made. */
const INHERITED = [
  ...["User", "Cmd", "Entrypoint", "WorkingDir", "StopSignal", "StopTimeout", "Healthcheck", "ExposedPorts", "Volumes"],
] as const;

export interface Sibling {
  readonly name: string;
  /** For the engine's `POST /containers/create`. */
  readonly body: object;
}

export const numberOf = (container: Container): number => Number(container.Config.Labels?.[LABELS.number] ?? 0);

/** Its variables, by name. */
export const variablesOf = ({ Env }: RunConfig): ReadonlyMap<string, string> =>
  new Map((Env ?? []).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));

/** Those that were set for this task only. */
export function ownVariablesOf(container: Container): Readonly<Record<string, string>> {
  return JSON.parse(container.Config.Labels?.[LABELS.environment] ?? "{}");
}

/**
 * The engine gives the address of a container that has ended to the next one at once, while the load balancer still drains it, and tells
 * whoever has it that it must leave. So every container has a port that none had before.
 */
const portOf = (number: number): string => String(topology.targetGroups.game.port + (number % PORTS));

/** `tidegate-game:v1` → `tidegate-game:v2`; a registry's port is no tag. */
export const imageOf = (image: string, version: string): string => `${image.replace(/:[^:/]+$/, "")}:${version}`;

/**
 * `model` is a container of the service, `modelImage` what its image says: what the model has from there, the sibling shall
 * have from its own image.
 */
export function siblingOf(model: Container, modelImage: RunConfig, spec: TaskSpec, number: number): Sibling {
  const { Config, HostConfig, NetworkSettings } = model;
  const service = Config.Labels?.[LABELS.service] ?? "";
  const isNews = (key: string, value: unknown) => JSON.stringify(value) !== JSON.stringify(modelImage[key]);
  const config = INHERITED.flatMap((key) => (isNews(key, Config[key]) ? [[key, Config[key]]] : []));
  const networks = Object.keys(NetworkSettings.Networks).map((name) => [name, { Aliases: [service] }]);
  return {
    name: model.Name.replace(/^\//, "").replace(/\d+$/, String(number)),
    body: {
      ...Object.fromEntries(config),
      Hostname: spec.id,
      Image: imageOf(Config.Image, spec.version),
      Env: variables(model, modelImage, spec, number),
      Labels: labels(model, modelImage, spec, number),
      HostConfig,
      NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) },
    },
  };
}

function variables(model: Container, modelImage: RunConfig, spec: TaskSpec, number: number): string[] {
  const ofImage = variablesOf(modelImage);
  const others = ownVariablesOf(model);
  const inherited = [...variablesOf(model.Config)].filter(
    ([name, value]) => ofImage.get(name) !== value && others[name] === undefined,
  );
  const own = {
    ...{ SERVER_ID: spec.id, VERSION: spec.version, GENERATION: String(spec.generation), PORT: portOf(number) },
    TARGET_GROUP_ARN: spec.targetGroupArn,
    ...spec.environment,
  };
  return Object.entries({ ...Object.fromEntries(inherited), ...own }).map(([name, value]) => `${name}=${value}`);
}

function labels(model: Container, modelImage: RunConfig, spec: TaskSpec, number: number): Record<string, string> {
  const inherited = Object.entries(model.Config.Labels ?? {}).filter(
    ([name, value]) => modelImage.Labels?.[name] !== value,
  );
  return {
    ...Object.fromEntries(inherited),
    [LABELS.number]: String(number),
    [LABELS.environment]: JSON.stringify(spec.environment),
  };
}
