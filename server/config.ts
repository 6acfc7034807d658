// What a server is told by its environment; checked whole before anything starts.

import { statSync } from "node:fs";
import { z } from "zod";
import { ARENA, BASIN } from "../game/sim/index.ts";
import { type DrainTimes, whyTooShort } from "./drain/deadlines.ts";
import { ARENA_BOTS_FILL_TO_BOATS, BOTS_FILL_TO_BOATS } from "./room/bots.ts";
import { isRegionId, parseRegions, type Region } from "./web/regions.ts";

/** Shorter secrets could be guessed, characters. */
const SECRET_MIN_CHARACTERS = 32;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const label = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes or underscores");

export const isLabel = (text: string): boolean => label.safeParse(text).success;

const secret = z.string().min(SECRET_MIN_CHARACTERS, `must have at least ${SECRET_MIN_CHARACTERS} characters`);
const arn = z.string().startsWith("arn:", "must be an ARN");
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  );

/** A whole number; a variable that is set to nothing is no 0. */
const number = (min: number, max: number) =>
  z
    .string()
    .regex(/\S/, "must be a number")
    .transform(Number)
    .pipe(
      z
        .number("must be a number")
        .int("must be a whole number")
        .min(min, `must be at least ${min}`)
        .max(max, `must be at most ${max}`),
    );

const regions = z
  .string()
  .optional()
  .transform((text, context): readonly Region[] => {
    const read = text ? parseRegions(text) : [];
    if (typeof read !== "string") return read;
    context.addIssue(read);
    return z.NEVER;
  });

const environment = z.object({
  /** 0 lets the system choose. */
  PORT: number(0, 65535).default(0),
  HOST: z.string().min(1, "must not be empty").default("127.0.0.1"),
  /** Different for each start of a server; unless given, from the ECS task, else the host name. */
  SERVER_ID: label.optional(),
  VERSION: label.default("dev"),
  /** Grows with each deploy; rooms move to the newest. */
  GENERATION: number(0, Number.MAX_SAFE_INTEGER).default(1),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// URL" }),
  /** Apart from the URL, so that only this one has to be kept as a secret. */
  REDIS_PASSWORD: z.string().min(1, "must not be empty").optional(),
  SESSION_SECRET: secret,
  /** Whoever shows it may read /statusz, /metrics and /fleetz; without it everybody may read the first two who gets here. */
  OPERATOR_TOKEN: secret.optional(),
  /** The built client; without it the server has no page. */
  CLIENT_DIR: z.string().refine(isDirectory, "must be a directory").optional(),
  /** The hashed files of every build that a page may still be of; without it those in CLIENT_DIR only. */
  ASSETS_DIR: z.string().refine(isDirectory, "must be a directory").optional(),
  /** Origins of pages that may connect, with commas between; empty means the page's host must be the one it connects to. */
  ALLOWED_ORIGINS: list,
  /** The region that this server is in, and all there are: `eu=https://eu.example Europe,us=https://us.example North America`. */
  REGION: z.string().refine(isRegionId, "must be two small letters, such as eu").optional(),
  REGIONS: regions,
  /** Where the ELBv2 API is, if not at AWS, and which target group this server is in: its state there tells when to leave. */
  ELB_ENDPOINT: z.url("must be a URL").optional(),
  TARGET_GROUP_ARN: arn.optional(),
  /** The other one of a blue/green service, where ECS may have registered it as well. */
  ALTERNATE_TARGET_GROUP_ARN: arn.optional(),
  /** Host and port that this server is registered with there; unless given, where it listens, or of its ECS task, or of the machine. */
  TARGET_ADDRESS: z
    .string()
    .regex(/^[^\s]+:\d{1,5}$/, "must be host:port")
    .optional(),
  /** How often it looks. */
  TARGET_POLL_MS: number(100, 60_000).default(1000),
  /** From deregistration until the load balancer cuts, and from SIGTERM to SIGKILL: AWS's defaults. */
  DEREGISTRATION_DELAY_SECONDS: number(0, 3600).default(300),
  STOP_TIMEOUT_SECONDS: number(1, 3600).default(30),
  /** How long new connections still reach a target that was deregistered: up to 20 s have been seen at AWS. */
  PROPAGATION_LAG_SECONDS: number(0, 60).default(20),
  /** For rehearsals of a bad version: this server stands still for so long once a second; 0 for never. */
  REHEARSE_STALL_MS: number(0, 10_000).default(0),
  /** Bots join a basin until it has this many boats; 0 for none. */
  BOTS_FILL_TO: number(0, BASIN.seats).default(BOTS_FILL_TO_BOATS),
  /** The same of an arena. */
  ARENA_BOTS_FILL_TO: number(0, ARENA.seats).default(ARENA_BOTS_FILL_TO_BOATS),
  /** Where every room's match is written down, to be played again by `npm run replay`; without it nothing is. */
  RECORD_DIR: z.string().refine(isDirectory, "must be a directory").optional(),
  /** How often a line for CloudWatch is written; 0 for never. */
  METRICS_EMF_SECONDS: number(0, 3600).default(0),
  /** Set by ECS in its containers: where to ask what task this is, and to have it protected from being scaled in. */
  ECS_CONTAINER_METADATA_URI_V4: z.url("must be a URL").optional(),
  ECS_AGENT_URI: z.url("must be a URL").optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
});

export type Config = z.infer<typeof environment>;

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A variable that cannot be used; the message is one sentence that names it. */
export class ConfigError extends Error {
  readonly code = "bad-config";
}

export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const read = environment.safeParse(variables);
  if (read.success) return together(read.data);
  const issue = read.error.issues[0]!;
  const name = String(issue.path[0]);
  const why = variables[name] === undefined ? "is required" : issue.message;
  throw new ConfigError(`cannot start: environment variable ${name} ${why}`);
}

export function drainTimesOf(config: Config): DrainTimes {
  return {
    deregistrationDelayMs: config.DEREGISTRATION_DELAY_SECONDS * 1000,
    stopTimeoutMs: config.STOP_TIMEOUT_SECONDS * 1000,
    pollMs: config.TARGET_POLL_MS,
    propagationLagMs: config.PROPAGATION_LAG_SECONDS * 1000,
  };
}

/** What each variable alone cannot show. */
function together(config: Config): Config {
  const tooShort = whyTooShort(drainTimesOf(config), config.TARGET_GROUP_ARN !== undefined);
  if (tooShort) throw new ConfigError(`cannot start: environment variable ${tooShort}`);
  if (config.REDIS_PASSWORD !== undefined && new URL(config.REDIS_URL).password !== "") {
    throw new ConfigError(
      "cannot start: environment variable REDIS_PASSWORD must not be set when REDIS_URL has a password",
    );
  }
  if (config.ALTERNATE_TARGET_GROUP_ARN !== undefined && config.TARGET_GROUP_ARN === undefined) {
    throw new ConfigError(
      "cannot start: environment variable ALTERNATE_TARGET_GROUP_ARN must not be set without TARGET_GROUP_ARN",
    );
  }
  const { REGION, REGIONS } = config;
  if (REGION !== undefined && REGIONS.length > 0 && !REGIONS.some(({ id }) => id === REGION)) {
    throw new ConfigError(
      `cannot start: environment variable REGIONS must name ${REGION}, the region that REGION says`,
    );
  }
  return config;
}

/** Where pages may come from; with regions, from each of them. Empty: from the host that they connect to. */
export const originsOf = ({ ALLOWED_ORIGINS, REGIONS }: Config): string[] => [
  ...new Set([...ALLOWED_ORIGINS, ...REGIONS.map(({ url }) => url)]),
];
