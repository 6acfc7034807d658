// The environment variables of the stack, read in one place. A bad value gets one sentence that names variable and
// value; nothing is guessed.

import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { EXIT, Refusal } from "./refusal.ts";
import { topology } from "./topology.ts";

/** The folder that holds package.json. */
export const repositoryRoot = resolve(fileURLToPath(import.meta.url), "../../..");

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((value) => value >= 1 && value <= 65_535)
    .default(fallback);

const delayMs = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .default(fallback);

const redisUrl = z.url({ protocol: /^rediss?$/ });

const shape = {
  HTTPS_PORT: { schema: port(topology.local.ports.https), wanted: "a port from 1 to 65535" },
  HTTP_PORT: { schema: port(topology.local.ports.http), wanted: "a port from 1 to 65535" },
  CONTROL_PORT: { schema: port(topology.local.ports.control), wanted: "a port from 1 to 65535" },
  AGENT_PORT: { schema: port(topology.local.ports.agent), wanted: "a port from 1 to 65535" },
  REDIS_URL: { schema: redisUrl.optional(), wanted: "a URL such as redis://127.0.0.1:6379" },
  REDIS_RESTART_DELAY_MS: { schema: delayMs(topology.local.redisRestartDelayMs), wanted: "0 to 999999 milliseconds" },
  TIDEGATE_HOME: { schema: z.string().max(4096).optional(), wanted: "a folder" },
} as const;

export interface Environment {
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly controlPort: number;
  /** Where the agent of `docker compose up` is published; that of `npm start` has a socket in the home. */
  readonly agentPort: number;
  readonly redisUrl: string | undefined;
  /** How long an embedded Redis stays away after its end. */
  readonly redisRestartDelayMs: number;
  /** Absolute. Everything that the stack writes is in here. */
  readonly home: string;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env, root: string = repositoryRoot): Environment {
  const read = <Name extends keyof typeof shape>(name: Name): z.infer<(typeof shape)[Name]["schema"]> => {
    const value = env[name] === "" ? undefined : env[name]; // set but empty is what shells make of "not set"
    const result = shape[name].schema.safeParse(value);
    if (!result.success) throw refuse(name, `is ${JSON.stringify(value)}: it must be ${shape[name].wanted}.`);
    return result.data as z.infer<(typeof shape)[Name]["schema"]>;
  };
  const environment = {
    httpsPort: read("HTTPS_PORT"),
    httpPort: read("HTTP_PORT"),
    controlPort: read("CONTROL_PORT"),
    agentPort: read("AGENT_PORT"),
    redisUrl: read("REDIS_URL"),
    redisRestartDelayMs: read("REDIS_RESTART_DELAY_MS"),
    home: absolute(read("TIDEGATE_HOME") ?? join(root, ".tidegate"), root),
  };
  refuseEqualPorts(environment);
  return environment;
}

const absolute = (path: string, root: string): string => (isAbsolute(path) ? path : resolve(root, path));

function refuseEqualPorts(environment: Environment): void {
  const owners = new Map<number, string>();
  const ports = [
    ["HTTPS_PORT", environment.httpsPort],
    ["HTTP_PORT", environment.httpPort],
    ["CONTROL_PORT", environment.controlPort],
  ] as const;
  for (const [name, value] of ports) {
    const owner = owners.get(value);
    if (owner) throw refuse(name, `is ${value}, and so is ${owner}: each needs a port of its own.`);
    owners.set(value, name);
  }
}

const refuse = (name: string, rest: string): Refusal =>
  new Refusal("bad-environment", `The environment variable ${name} ${rest}`, { exitCode: EXIT.wrongUsage });
