// What a deployment on AWS is, as plain data: checked whole before anything is synthesised or created.
import { z } from "zod";
import { EXIT, Refusal } from "../stack/refusal.ts";
import { type Region, readRegions } from "../stack/regions.ts";
import { topology } from "../stack/topology.ts";

/** AWS mails when a month's costs pass this; an idle demo of one region costs about 160 (docs/aws.md). */
const BUDGET_USD = 200;
const BUDGET_MAX_USD = 1_000_000;

export interface Domain {
  /** Without a trailing dot: the page is at `https://NAME`. */
  readonly name: string;
  /** The public hosted zone of Route 53 that holds the name, or one above it. */
  readonly hostedZoneId: string;
}

export interface Settings {
  /** Undefined: that of the credentials. The templates are the same. */
  readonly account: string | undefined;
  /** The first one is home: what an account has once, such as the budget, is in its stack. */
  readonly regions: readonly Region[];
  /** Undefined: CloudFront's own name, and one region only. */
  readonly domain: Domain | undefined;
  readonly version: string;
  readonly generation: number;
  /** How many tasks there are after a deployment, until the autoscaling knows better. */
  readonly servers: number;
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

/** As flags, variables and files say it: text will do for numbers. */
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
  generation: whole(1, Number.MAX_SAFE_INTEGER).default(topology.service.generation),
  servers: whole(1, topology.autoscaling.aws.maxServers).default(topology.service.servers.default),
  zones: whole(2, 3).default(2),
  nat: z.boolean().default(false),
  architecture: z.enum(["arm64", "x86_64"], "must be arm64 or x86_64").default("arm64"),
  alarmMail: z.email("must be an address of mail").optional(),
  budgetUsd: whole(1, BUDGET_MAX_USD).default(BUDGET_USD),
});

export type SettingsInput = z.input<typeof shape>;

/** Throws a Refusal that names what cannot be used. */
export function readSettings(input: SettingsInput): Settings {
  const read = shape.safeParse(input);
  if (!read.success) {
    const [issue] = read.error.issues;
    const name = issue!.path.join(".") || (issue as { keys?: string[] }).keys?.join(", ");
    throw refuse(`${name}: ${issue!.message}`);
  }
  const { domain, hostedZoneId, regions, account, alarmMail, ...rest } = read.data;
  if (domain !== undefined && hostedZoneId === undefined) throw refuse(`${domain} needs hostedZoneId, its hosted zone`);
  if (hostedZoneId !== undefined && domain === undefined) throw refuse("hostedZoneId is nothing without domain");
  const wanted = readRegions(regions);
  if (wanted.length > 1 && domain === undefined)
    throw refuse("several regions need domain and hostedZoneId: one name has to lead to the nearest");
  return {
    ...rest,
    account,
    alarmMail,
    regions: wanted,
    domain: domain === undefined ? undefined : { name: domain, hostedZoneId: hostedZoneId! },
  };
}

const refuse = (why: string): Refusal =>
  new Refusal("bad-settings", `Cannot use these settings: ${why}.`, { exitCode: EXIT.wrongUsage });

/** The tag of a generation's image in the repositories of all regions. */
export const imageTag = ({ version, generation }: Pick<Settings, "version" | "generation">): string =>
  `${version}-g${generation}`;

/** Stacks and repositories by name, as commands and the CDK app know them. */
export const names = {
  repository: topology.name,
  imagesStack: (region: Region): string => `${topology.name}-images-${region.id}`,
  regionStack: (region: Region): string => `${topology.name}-${region.id}`,
  edgeStack: `${topology.name}-edge`,
  /** CloudFront takes certificates from there only. */
  edgeRegion: "us-east-1",
  container: "game",
  /** On everything that is ours: the region's id, or `edge`. */
  tag: "tidegate:deployment",
  /** In front of each region's load balancer, and of the nearest one. */
  regionHost: (domain: Domain, region: Region): string => `${region.id}.${domain.name}`,
  liveHost: (domain: Domain): string => `live.${domain.name}`,
} as const;
