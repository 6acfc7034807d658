import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../stack/environment.ts";
import { readSettings } from "../settings.ts";
import { idleUsdPerHour } from "./costs.ts";

const document = readFileSync(join(repositoryRoot, "docs/aws.md"), "utf8");

test("a deploy says of a demo what the table in the documentation says", () => {
  const [, table] = /\*\*idle demo, an hour\*\* \| \*\*[\d.]+\*\* \| \*\*([\d.]+)\*\*/.exec(document) ?? [];
  expect(idleUsdPerHour(readSettings({})).toFixed(2)).toBe(table);
});

test("NAT costs about as much more as the table says", () => {
  const [, table] = /`--nat`.*\| \+ ([\d.]+) \|$/m.exec(document) ?? [];
  const more = idleUsdPerHour(readSettings({ nat: true })) - idleUsdPerHour(readSettings({}));
  expect(Math.abs(more - Number(table))).toBeLessThan(0.01);
});

test("two regions cost twice as much", () => {
  const domain = { domain: "play.example.org", hostedZoneId: "Z0123456789" };
  const two = idleUsdPerHour(readSettings({ ...domain, regions: "eu,us" }));
  expect(two).toBeCloseTo(2 * idleUsdPerHour(readSettings({})));
});
