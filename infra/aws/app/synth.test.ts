import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSettings } from "../settings.ts";
import { cdk, synth } from "./synth.ts";
import { VARIANTS } from "./testing/variants.ts";

const SLOW_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), "tidegate-synth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("two regions are synthesised as AWS's and the CDK's rules want them, in an order to deploy them in, and the CDK's command line takes them", {
  timeout: SLOW_MS,
}, async () => {
  writeFileSync(join(folder, "old.template.json"), "{}");
  const { stacks } = synth(readSettings(VARIANTS.twoRegions), folder);
  expect(stacks.map(({ name, region }) => [name, region])).toEqual([
    ["tidegate-images-eu", "eu-west-1"],
    ["tidegate-images-us", "us-east-1"],
    ["tidegate-eu", "eu-west-1"],
    ["tidegate-us", "us-east-1"],
    ["tidegate-edge", "us-east-1"],
  ]);
  for (const { templateFile } of stacks)
    expect(JSON.parse(readFileSync(templateFile, "utf8"))).toHaveProperty("Resources");
  expect(existsSync(join(folder, "old.template.json"))).toBe(false);
  expect(await cdk(folder, ["list"])).toBe(0);
  expect(await cdk(folder, ["no-such-command"])).not.toBe(0);
});

test("a template that cannot be made is refused in one sentence", () => {
  const settings = { ...readSettings({}), zones: 0 };
  expect(() => synth(settings, join(folder, "bad"))).toThrow(/^Cannot make the templates: /);
});
