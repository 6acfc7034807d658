import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { regions } from "../../stack/regions.ts";
import { readSettings, type SettingsInput } from "../settings.ts";
import { lint, provisionCfnLint } from "./testing/cfn-lint.ts";
import { synthUnjudged, VARIANTS } from "./testing/variants.ts";

const SLOW_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), "tidegate-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linter = await provisionCfnLint();
if ("why" in linter) console.log(`The templates are not linted by cfn-lint: ${linter.why}.`);

/** Where each one is deployed, and once more in every region that there is. */
const CASES: readonly [name: string, input: SettingsInput][] = [
  ...Object.entries(VARIANTS),
  ["everyRegion", { ...VARIANTS.oneRegion, regions: regions.map(({ id }) => id).join(",") }],
];

test.skipIf("why" in linter).each(CASES)(
  "cfn-lint has nothing to say of %s",
  { timeout: SLOW_MS },
  async (name, input) => {
    const { stacks } = synthUnjudged(readSettings(input), join(folder, name));
    for (const region of new Set(stacks.map(({ environment }) => environment.region))) {
      const ofRegion = stacks.filter(({ environment }) => environment.region === region);
      const files = ofRegion.map(({ templateFullPath }) => templateFullPath);
      expect(await lint((linter as { program: string }).program, region, files)).toEqual({ code: 0, output: "" });
    }
  },
);
