// What a deployment on AWS is, as plain data: checked whole before anything is synthesised or created.
import { z } from "zod";
import type { Release } from "../stack/home.ts";
import { EXIT, Refusal } from "../stack/refusal.ts";
import { type Region, readRegions } from "../stack/regions.ts";
import { topology } from "../stack/topology.ts";

/** AWS mails when a month's costs pass this; an idle demo of one region costs about 160 (docs/aws.md). */
const BUDGET_USD = 200;
const BUDGET_MAX_USD = 1_000_000;

const scaling = topology.autoscaling.aws;

export interface Domain {
  /** Without a trailing dot: the page is at `https://NAME`. */
  readonly name: string;
  /** The public hosted zone of Route 53 that holds the name, or one above it. */
  readonly hostedZoneId: string;
}

/** How many game servers a region has. */
export interface FleetSize {
  /** Of a service that is made or replaced; from then on the autoscaling decides. */
  readonly servers: number;
  /** The autoscaling takes none of the last ones away. */
  readonly minServers: number;
}

/** Release and size are those of a first deployment: later ones go on with what runs (commands/release.ts). */
export interface Settings extends Release, FleetSize {
  /** Whether the number of servers was said: then it holds, whatever runs. */
  readonly isSizeSaid: boolean;
  /** The only one whose credentials will do; undefined: any. Templates are the same in all. */
  readonly account: string | undefined;
  /** The first one is home: what an account has once, such as the budget, is in its stack. */
  readonly regions: readonly Region[];
  /** Undefined: CloudFront's own name, and one region only. */
  readonly domain: Domain | undefined;
  /** Zones of each region. */
  readonly zones: number;
  /** Tasks without public addresses, behind one NAT gateway a zone. */
  readonly nat: boolean;
  readonly architecture: "arm64" | "x86_64";
  /** Who is told of alarms and costs. Undefined: nobody, and the alarms are only seen. */
  readonly alarmMail: string | undefined;
  /** A month. */
  readonly budgetUsd: number;
}

const label = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, "must be 1 to 64 letters, digits, dots, dashes or underscores");
const whole = (min: number, max: number) => {
  const sentence = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(sentence).int(sentence).min(min, sentence).max(max, sentence);
};

/** By the names of the flags; text will do for numbers. */
const shape = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the twelve digits of an account")
    .optional(),
  regions: z.string().default("eu"),
  domain: z
    .string()
    .regex(
      /^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      "must be a name such as play.example.org",
    )
    .optional(),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, "must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ")
    .optional(),
  version: label.default(topology.service.version),
  servers: whole(1, scaling.maxServers).optional(),
  zones: whole(2, 3).default(2),
  nat: z.boolean().default(false),
  architecture: z.enum(["arm64", "x86_64"], "must be arm64 or x86_64").default("arm64"),
  mail: z.email("must be an address, such as ops@example.org").optional(),
  budget: whole(1, BUDGET_MAX_USD).default(BUDGET_USD),
});

export type SettingsInput = z.input<typeof shape>;

/** Throws a Refusal that names the flag that cannot be used. */
export function readSettings(input: SettingsInput): Settings {
  const read = shape.safeParse(input);
  if (!read.success) throw refuse(sentenceOf(read.error.issues[0]!));
  const { account, budget, domain, hostedZoneId, mail, regions, servers: said, ...rest } = read.data;
  if (domain !== undefined && hostedZoneId === undefined)
    throw refuse(`--domain ${domain} needs --hosted-zone-id, the zone that holds it`);
  if (hostedZoneId !== undefined && domain === undefined)
    throw refuse("--hosted-zone-id says nothing without --domain");
  const wanted = readRegions(regions);
  if (wanted.length > 1 && domain === undefined)
    throw refuse("several regions need --domain and --hosted-zone-id: one name has to lead to the nearest");
  const servers = said ?? topology.service.servers.default;
  return {
    ...rest,
    account,
    generation: topology.service.generation,
    servers,
    minServers: Math.min(scaling.minServers, servers),
    isSizeSaid: said !== undefined,
    alarmMail: mail,
    budgetUsd: budget,
    regions: wanted,
    domain: domain === undefined ? undefined : { name: domain, hostedZoneId: hostedZoneId! },
  };
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `there is no ${issue.keys.map(flagOf).join(", ")}`;
  return `${flagOf(String(issue.path[0]))} ${issue.message}`;
}

const flagOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const refuse = (why: string): Refusal =>
  new Refusal("bad-settings", `Cannot use these settings: ${why}.`, { exitCode: EXIT.wrongUsage });

/** The tag of a generation's image in the repositories of all regions. */
export const imageTag = ({ version, generation }: Pick<Settings, "version" | "generation">): string =>
  `${version}-g${generation}`;

/** Stacks and repositories by name, as commands and the CDK app know them. */
export const names = {
  repository: topology.name,
  imagesStackPrefix: `${topology.name}-images-`,
  imagesStack: (region: Region): string => `${names.imagesStackPrefix}${region.id}`,
  regionStack: (region: Region): string => `${topology.name}-${region.id}`,
  edgeStack: `${topology.name}-edge`,
  /** CloudFront takes certificates from there only. */
  edgeRegion: "us-east-1",
  container: "game",
  /** On everything that is ours: the region's id, or `edgeTag`. `destroy` asks by it whether anything is left. */
  tag: "tidegate:deployment",
  edgeTag: "edge",
  /** In front of each region's load balancer, and of the nearest one. */
  regionHost: (domain: Domain, region: Region): string => `${region.id}.${domain.name}`,
  liveHost: (domain: Domain): string => `live.${domain.name}`,
} as const;
