// The same world in Node's engine and in a browser's, and a match played again from its inputs alone.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { march, replayed } from "../determinism/march.ts";
import { bringIntoPage } from "../fixtures/in-browser.ts";
import { expect, test } from "../fixtures/test.ts";

const TICKS = 10_000;
const MARCH = join(import.meta.dirname, "..", "determinism", "march.ts");

declare const determinism: { march: typeof march; replayed: typeof replayed };

for (const seed of [1, 2, 3]) {
  test(`10,000 ticks of seed ${seed} give the same worlds under Node and in the browser`, async ({ page }) => {
    await bringIntoPage(page, MARCH, "determinism");
    const inBrowser = await page.evaluate(([seed, ticks]) => determinism.march(seed!, ticks!), [seed, TICKS]);
    expect(inBrowser).toHaveLength(10);
    expect(inBrowser).toEqual(march(seed, TICKS));
  });
}

test("2,000 ticks of an arena give the same worlds under Node and in the browser", async ({ page }) => {
  await bringIntoPage(page, MARCH, "determinism");
  const inBrowser = await page.evaluate(() => determinism.march(4, 2_000, "arena"));
  expect(inBrowser).toHaveLength(2);
  expect(inBrowser).toEqual(march(4, 2_000, "arena"));
});

test("a match of bots on the real servers, played again from its inputs alone, ends in the same world, in both engines", async ({
  command,
  page,
  recordings,
}) => {
  // They may come into a room that people of an earlier story have left: its recording goes on.
  const before = new Map(list(recordings).map((name) => [name, inputsIn(join(recordings, name))]));
  await command("bots", "--count", "8", "--seconds", "10").ended;
  // A room that nobody is in closes after ten seconds, and its recording with it.
  let file: string | undefined;
  await expect(async () => {
    file = list(recordings).find((name) => inputsIn(join(recordings, name)) - (before.get(name) ?? 0) > 50);
    expect(file).toBeDefined();
    expect(lastLine(join(recordings, file!))).toMatch(/^\["#",/);
  }).toPass({ timeout: 60_000 });
  const text = readFileSync(join(recordings, file!), "utf8");
  const underNode = replayed(text);
  expect(underNode.divergedAtTick).toBeUndefined();
  expect(underNode.compared).toBeGreaterThan(8);
  await bringIntoPage(page, MARCH, "determinism");
  expect(await page.evaluate((recording) => determinism.replayed(recording), text)).toEqual(underNode);
});

function list(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function inputsIn(file: string): number {
  return readFileSync(file, "utf8").split('["in",').length - 1;
}

function lastLine(file: string): string | undefined {
  return readFileSync(file, "utf8").trimEnd().split("\n").at(-1);
}
