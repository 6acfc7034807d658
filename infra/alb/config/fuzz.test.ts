// Config files that nobody would write: a good one, damaged in its text or in its data. Seeded and bounded; what comes out is
// a state or a ConfigError with places and sentences, never another error.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkState } from "../alb.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { checkConfigFile } from "./check.ts";
import { parseConfig } from "./config-file.ts";
import { ConfigError } from "./problem.ts";

const example = readFileSync(join(import.meta.dirname, "../examples/everything.yaml"), "utf8");
const seed = 20_261_122;
const clock = new VirtualClock(Date.now());

/** True when the file is good; throws when it is neither good nor refused as it should be. */
async function isGood(text: string): Promise<boolean> {
  try {
    await checkConfigFile(parseConfig(text, "/nonexistent"), { clock, check: checkState, fastHealthChecks: false });
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { sentence, line } of error.problems) {
      expect(sentence).toMatch(/^[A-Z'].*\.$/s);
      expect(sentence).not.toMatch(/ {4}at |undefined is not|Cannot read prop/);
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(text.split("\n").length);
    }
    return false;
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in the data, so that a damage can hit any of them. */
function placesIn(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => placesIn(each, [...path, key]))];
}

function damaged(value: Json, [key, ...rest]: (string | number)[], put: (before: Json) => Json): Json {
  if (key === undefined) return put(value);
  if (Array.isArray(value)) return value.map((each, i) => (i === key ? damaged(each, rest, put) : each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === key ? damaged(each, rest, put) : each]),
  );
}

const data = parseConfig(example.replaceAll(/^ +(Certificate|PrivateKey)File:.*$/gm, ""), "/")
  .config as unknown as Json;
const places = placesIn(data);
const oddities = fc.oneof(
  fc.constantFrom<Json>(null, [], {}, [[]], "", " ", -1, 0, 1e21, 0.5, "__proto__", "constructor", "a".repeat(3_000)),
  fc.string().map((each) => each as Json),
  fc.jsonValue({ maxDepth: 3 }).map((each) => each as Json),
  fc.record({ toString: fc.constant(1), length: fc.integer(), Key: fc.string() }).map((each) => each as Json),
);

test("the example that is damaged here is good", async () => {
  expect(await isGood(example)).toBe(true);
  expect(await isGood(JSON.stringify(data))).toBe(true);
});

test("ALB-113: data with something odd in any place is taken or refused with a sentence and its line", async () => {
  const property = fc.asyncProperty(fc.nat(places.length - 1), oddities, fc.boolean(), async (at, odd, added) => {
    const put = (before: Json): Json =>
      added && typeof before === "object" && before !== null && !Array.isArray(before)
        ? { ...before, [JSON.stringify(odd).slice(0, 20)]: odd }
        : odd;
    await isGood(JSON.stringify(damaged(data, places[at]!, put), null, 1));
  });
  await fc.assert(property, { seed, numRuns: 250 });
});

test("ALB-113: text with holes, doubles and foreign signs is taken or refused with a sentence and its line", async () => {
  const signs = fc.constantFrom(
    "",
    "\t",
    "- ",
    ": ",
    "&a ",
    "*a",
    "!!js ",
    "{",
    "]",
    "\u0000",
    "'",
    "|\n",
    "---\n",
    "\ufeff",
    "<<: ",
  );
  const cut = fc.record({ from: fc.nat(example.length), length: fc.nat(40), put: signs });
  const property = fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
    const text = cuts.reduce((t, { from, length, put }) => t.slice(0, from) + put + t.slice(from + length), example);
    await isGood(text);
  });
  await fc.assert(property, { seed, numRuns: 250 });
});

test("ALB-113: any text at all is taken or refused with a sentence and its line", async () => {
  const property = fc.asyncProperty(fc.oneof(fc.string({ maxLength: 300 }), fc.json()), async (text) => {
    expect(await isGood(text)).toBe(false);
  });
  await fc.assert(property, { seed, numRuns: 200 });
});
