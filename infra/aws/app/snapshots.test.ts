// The templates as files, to be read in a review: `npx vitest run infra/aws/app/snapshots.test.ts -u` writes them anew.
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type Json, type SynthesisedVariant, synthesise, type Template } from "./testing/variants.ts";

const LINE_WIDTH = 150;
const HASH = /[0-9A-F]{8}$/;

const made = {} as Record<"demo" | "oneRegion", SynthesisedVariant>;
beforeAll(() => {
  made.demo = synthesise("demo");
  made.oneRegion = synthesise("oneRegion");
}, 120_000);

test.each([
  ["demo", "tidegate-images-eu"],
  ["demo", "tidegate-eu"],
  ["oneRegion", "tidegate-eu"],
  ["oneRegion", "tidegate-edge"],
] as const)("%s: the template of %s is as it was read last", async (variant, stack) => {
  const text = stringify(readable(made[variant].template(stack)), {
    lineWidth: LINE_WIDTH,
    aliasDuplicateObjects: false,
  });
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "snapshots", `${variant}.${stack}.yaml`));
});

/** Without the CDK's hashes, where a name is one of a kind without its own; a dashboard is told by its title alone. */
function readable(template: Template): Json {
  const ids = Object.keys(template.Resources);
  const plain = ids.map((id) => id.replace(HASH, ""));
  const named = new Map(
    ids.map((id, at) => [id, plain.filter((name) => name === plain[at]).length > 1 ? id : plain[at]!]),
  );
  const rename = (value: Json, key = ""): Json => {
    if (key === "DashboardBody") return "(what metrics.ts and dashboard.ts say)";
    if (typeof value === "string") return named.get(value) ?? value;
    if (Array.isArray(value)) return value.map((inner) => rename(inner));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [named.get(name) ?? name, rename(inner, name)]),
    );
  };
  return rename(template);
}
