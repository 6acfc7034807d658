import { expect, test } from "vitest";
import type { DeployReport, Verdict } from "../../deploy/verdict.ts";
import { readRegions } from "../../stack/regions.ts";
import { asJson, exitCodeOf, inTurn } from "./in-turn.ts";

const regions = readRegions("eu,us,ap");
const reportOf = (verdict: Verdict) => ({ verdict, to: "v2" }) as DeployReport;

test("regions are rolled out in turn, and the last one knows that it is the last", async () => {
  const seen: string[] = [];
  const done = await inTurn(regions, async ({ id }, isLast) => {
    seen.push(`${id}${isLast ? " last" : ""}`);
    return reportOf("unnoticed");
  });
  expect(seen).toEqual(["eu", "us", "ap last"]);
  expect(exitCodeOf(done, regions)).toBe(0);
});

test.each(["noticed", "rolled-back"] as const)("what is %s in one region does not go to the next", async (verdict) => {
  const done = await inTurn(regions, async ({ id }) => reportOf(id === "us" ? verdict : "unnoticed"));
  expect(asJson(done, regions)).toEqual({
    regions: [
      { region: "eu", verdict: "unnoticed", to: "v2" },
      { region: "us", verdict, to: "v2" },
    ],
  });
  expect(exitCodeOf(done, regions)).toBe(1);
});

test("one region has the report of npm run deploy", async () => {
  const [eu] = regions;
  const done = await inTurn([eu!], async () => reportOf("unnoticed"));
  expect(asJson(done, [eu!])).toEqual({ verdict: "unnoticed", to: "v2" });
});
