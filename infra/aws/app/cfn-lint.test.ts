import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { regions } from "../../stack/regions.ts";
import { readSettings, type SettingsInput } from "../settings.ts";
import { lint, provisionCfnLint } from "./testing/cfn-lint.ts";
import { synthUnjudged, VARIANTS } from "./testing/variants.ts";

const SLOW_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), "tidegate-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linter = await provisionCfnLint();
if ("why" in linter) console.log(`The templates are not linted by cfn-lint: ${linter.why}.`);

/** What the tests look at, and one that is in every region that there is: not all of AWS is everywhere. */
const INPUTS: Readonly<Record<string, SettingsInput>> = {
  ...VARIANTS,
  everywhere: { ...VARIANTS.oneRegion, regions: regions.map(({ id }) => id).join(",") },
};

/** Templates by AWS's name of the region that they are for. */
const files = new Map<string, string[]>();
beforeAll(() => {
  for (const [name, input] of Object.entries(INPUTS)) {
    const { stacks } = synthUnjudged(readSettings(input), join(folder, name));
    const news = name === "everywhere" ? stacks.filter(({ environment }) => !files.has(environment.region)) : stacks;
    for (const region of new Set(news.map(({ environment }) => environment.region))) {
      const here = news.filter(({ environment }) => environment.region === region);
      files.set(region, [...(files.get(region) ?? []), ...here.map(({ templateFullPath }) => templateFullPath)]);
    }
  }
}, SLOW_MS);

test.skipIf("why" in linter).each(regions.map(({ aws }) => aws))(
  "cfn-lint has nothing to say of the templates for %s",
  { timeout: SLOW_MS },
  async (region) => {
    const { program } = linter as { program: string };
    expect(files.get(region)!.length).toBeGreaterThan(1);
    expect(await lint(program, region, files.get(region)!)).toEqual({ code: 0, output: "" });
  },
);

test.skipIf("why" in linter)("cfn-lint objects to a template that is wrong", { timeout: SLOW_MS }, async () => {
  const { program } = linter as { program: string };
  const file = join(folder, "wrong.template.json");
  writeFileSync(
    file,
    JSON.stringify({ Resources: { Bucket: { Type: "AWS::S3::Bucket", Properties: { Nmae: "x" } } } }),
  );
  const { code, output } = await lint(program, "eu-west-1", [file]);
  expect(code).not.toBe(0);
  expect(output).toContain("Nmae");
});
