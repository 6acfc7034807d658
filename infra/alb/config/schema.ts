// The shape of a config file: what contains what, and what has a name. Members that belong to an operation of the ELBv2
// API pass as they are, since the API itself judges them (draft.ts); an unknown one is refused there, by its name.

import { z } from "zod";
import { limits } from "../limits.ts";
import { switchesSchema } from "../switches.ts";
import { ConfigError, type ConfigPath, type Problem } from "./problem.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "it must be a text, a number, true or false" });
const keyValues = z.array(z.strictObject({ Key: z.string(), Value: scalar })).max(limits.maxConfigItems);
const file = z.string().min(1).max(4_096);

/** Set here from names and places, so nobody writes it. */
const derived = z.never({ error: "it follows from where this stands in the file; leave it out" }).optional();

const certificateName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: "it must be 1 to 64 letters, digits, '-' or '_'" })
  .refine((name) => name.toLowerCase() !== "localhost", { error: "'localhost' is there already; choose another name" });

const certificate = z
  .strictObject({
    Name: certificateName,
    Domains: z.array(z.string()).min(1).max(limits.maxCertificateDomains).optional(),
    CertificateFile: file.optional(),
    PrivateKeyFile: file.optional(),
  })
  .refine(
    ({ Domains, CertificateFile, PrivateKeyFile }) =>
      Domains ? !CertificateFile && !PrivateKeyFile : CertificateFile && PrivateKeyFile,
    { error: "it needs either Domains, or CertificateFile and PrivateKeyFile" },
  );

const targetGroup = z.looseObject({
  Name: z.string(),
  Protocol: z.string(),
  IpAddressType: z.string().optional(),
  Attributes: keyValues.optional(),
  Tags: keyValues.optional(),
  Targets: z.array(z.looseObject({})).max(limits.maxConfigItems).optional(),
});

const rule = z.looseObject({
  Priority: z.number(),
  Conditions: z.array(z.looseObject({})),
  Actions: z.array(z.looseObject({})),
  Tags: keyValues.optional(),
  ListenerArn: derived,
});

const listener = z.looseObject({
  Port: z.number(),
  Protocol: z.string(),
  Certificates: z.array(z.looseObject({})).min(1).max(limits.maxConfigItems).optional(),
  DefaultActions: z.array(z.looseObject({})),
  Rules: z.array(rule).max(limits.maxConfigItems).optional(),
  Attributes: keyValues.optional(),
  Tags: keyValues.optional(),
  LoadBalancerArn: derived,
});

const loadBalancer = z.looseObject({
  Name: z.string(),
  Attributes: keyValues.optional(),
  Tags: keyValues.optional(),
  Listeners: z.array(listener).min(1).max(limits.maxConfigItems),
});

const configSchema = z
  .strictObject({
    LoadBalancers: z.array(loadBalancer).min(1).max(limits.maxConfigItems),
    TargetGroups: z.array(targetGroup).max(limits.maxConfigItems).default([]),
    Certificates: z.array(certificate).max(limits.maxConfigItems).default([]),
    Logs: z
      .strictObject({ AccessLog: file.optional(), ConnectionLog: file.optional(), HealthCheckLog: file.optional() })
      .default({}),
    Switches: switchesSchema.optional(),
    FastHealthChecks: z.boolean().optional(),
  })
  .superRefine((config, context) => {
    for (const { path, sentence } of repetitions(config)) {
      context.addIssue({ code: "custom", path: [...path], message: sentence, input: undefined });
    }
  });

export type Config = z.output<typeof configSchema>;
export type GroupConfig = Config["TargetGroups"][number];
export type ListenerConfig = Config["LoadBalancers"][number]["Listeners"][number];

/** Throws a ConfigError that names everything that is wrong with the shape, up to a limit. */
export function readConfig(value: unknown): Config {
  if (value === null || value === undefined) throw new ConfigError([{ path: [], sentence: "The file is empty." }]);
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.flatMap(problemsOf).slice(0, limits.maxConfigProblems));
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((each) => (typeof each === "number" ? each : String(each)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], sentence: "It is not known here." }));
  }
  const text = issue.message.replace(/^Invalid input: /, "");
  return [{ path, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }];
}

/** Names, ports and priorities that stand twice. The API would take the second of two equal ones for the first. */
function repetitions(config: z.output<typeof configSchema>): Problem[] {
  const { LoadBalancers, TargetGroups, Certificates } = config;
  const listeners = LoadBalancers.flatMap((each, i) =>
    each.Listeners.map((listener, j) => ({ listener, path: ["LoadBalancers", i, "Listeners", j] as ConfigPath })),
  );
  const named = (list: string, items: readonly { readonly Name: string }[]) =>
    twice(items.map(({ Name }, i) => [Name, [list, i, "Name"]] as const));
  return [
    ...named("LoadBalancers", LoadBalancers),
    ...named("TargetGroups", TargetGroups),
    ...named("Certificates", Certificates),
    ...twice(listeners.map(({ listener, path }) => [listener.Port, [...path, "Port"]] as const)),
    ...listeners.flatMap(({ listener, path }) =>
      twice((listener.Rules ?? []).map((each, i) => [each.Priority, [...path, "Rules", i, "Priority"]] as const)),
    ),
  ];
}

function twice(items: readonly (readonly [value: string | number, path: ConfigPath])[]): Problem[] {
  const seen = new Set<string | number>();
  return items.flatMap(([value, path]) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ path, sentence: `'${value}' is there already` }];
  });
}
