// The deployments whose templates the tests look at, synthesised once for each file that asks.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { readSettings, type Settings, type SettingsInput } from "../../settings.ts";
import { acceptFindings } from "../accepted-findings.ts";
import { buildStacks } from "../app.ts";

const DOMAIN = { domain: "play.example.org", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

export const VARIANTS = {
  /** One region by CloudFront's own name. */
  demo: {},
  oneRegion: { ...DOMAIN, mail: "ops@example.org" },
  /** As large as templates become. */
  twoRegions: {
    ...DOMAIN,
    regions: "eu,us",
    zones: 3,
    nat: true,
    architecture: "x86_64",
    mail: "ops@example.org",
  },
} as const satisfies Record<string, SettingsInput>;

export type Variant = keyof typeof VARIANTS;

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON, of which each test knows its part
export type Json = any;

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json } & Json>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: Json }>>;
}

export interface SynthesisedVariant {
  readonly assembly: CloudAssembly;
  template(stackName: string): Template;
  /** The properties of all resources of a type. */
  all(stackName: string, type: string): Json[];
}

/** What AWS's and the CDK's rules say of it is another test's business. */
export const synthesise = (variant: Variant): SynthesisedVariant => synthesiseInput(VARIANTS[variant]);

export function synthesiseInput(input: SettingsInput): SynthesisedVariant {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-synth-"));
  const assembly = synthUnjudged(readSettings(input), folder);
  const templates = new Map(assembly.stacks.map(({ stackName, template }) => [stackName, template as Template]));
  rmSync(folder, { recursive: true });
  const template = (name: string): Template => {
    const found = templates.get(name);
    if (found === undefined) throw new Error(`no stack ${name} in ${[...templates.keys()]}`);
    return found;
  };
  const all = (name: string, type: string): Json[] =>
    Object.values(template(name).Resources).flatMap((resource) =>
      resource.Type === type ? [resource.Properties] : [],
    );
  return { assembly, template, all };
}

/** All of them, and ways to ask for what their templates say. */
export function synthesiseAll() {
  const variants = Object.keys(VARIANTS) as Variant[];
  const made = Object.fromEntries(variants.map((variant) => [variant, synthesise(variant)])) as Readonly<
    Record<Variant, SynthesisedVariant>
  >;
  const templates = (): Template[] =>
    Object.values(made).flatMap(({ assembly }) => assembly.stacks.map(({ template }) => template as Template));
  /** The properties of the only resource of a type. Throws when there are more, or none. */
  const one = (variant: Variant, type: string, stackName = "tidegate-eu"): Json => {
    const found = made[variant].all(stackName, type);
    if (found.length !== 1) throw new Error(`${stackName} of ${variant} has ${found.length} of ${type}, not one`);
    return found[0];
  };
  return { made, templates, one };
}

/** Nine tenths of the time of a synth are the rules that it is judged by. */
export function synthUnjudged(settings: Settings, folder: string): CloudAssembly {
  const app = buildStacks(settings, folder);
  acceptFindings(app);
  process.env.CDK_VALIDATION = "false"; // the CDK's own switch; it has no other
  try {
    return app.synth();
  } finally {
    delete process.env.CDK_VALIDATION;
  }
}
