import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const numbersIn = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map((match) => Number(match[1])))].sort((a, b) => a - b);

test("every numbered behaviour of docs/alb.md has a test, and every number in a title is documented", () => {
  const here = import.meta.dirname;
  const documented = numbersIn(readFileSync(join(here, "../../docs/alb.md"), "utf8"), /^\| ALB-(\d+) \|/gm);
  const titles = readdirSync(here, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(here, name), "utf8"))
    .join("\n");
  expect(numbersIn(titles, /["'`]ALB-(\d+): /g)).toEqual(documented);
});
