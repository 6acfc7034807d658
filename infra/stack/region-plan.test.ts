import { describe, expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { planRegions, regionLines } from "./region-plan.ts";
import { readRehearsedRegions } from "./regions.ts";

const environment = readEnvironment({ TIDEGATE_HOME: "/home/t" }, "/repo");
const plan = (regions: string, changed: Partial<typeof environment> = {}) =>
  planRegions(readRehearsedRegions(regions), { ...environment, ...changed });

describe("regions on one machine", () => {
  test("have ports a hundred apart, and homes in the first one's", () => {
    const ports = plan("eu=20,us=140").map(({ environment: { httpsPort, httpPort, controlPort, home }, rttMs }) => [
      ...[httpsPort, httpPort, controlPort, home, rttMs],
    ]);
    expect(ports).toEqual([
      [8443, 8080, 8400, "/home/t", 20],
      [8543, 8180, 8500, "/home/t/regions/us", 140],
    ]);
  });

  test("know which one they are, and all of them", () => {
    const [eu, us] = plan("eu,us");
    expect([eu?.around.here, us?.around.here]).toEqual(["eu", "us"]);
    expect(us?.around.all).toEqual([
      { id: "eu", name: "Europe", url: "https://localhost:8443", home: "/home/t", rttMs: 12 },
      { id: "us", name: "North America", url: "https://localhost:8543", home: "/home/t/regions/us", rttMs: 90 },
    ]);
    expect(us?.around.all).toEqual(eu?.around.all);
  });

  test("are shown with what one needs to go there", () => {
    expect(regionLines(plan("eu,us")[1]!.around, "/home")).toEqual([
      "  eu  Europe         https://localhost:8443    12 ms away  TIDEGATE_HOME=t",
      "▸ us  North America  https://localhost:8543    90 ms away  TIDEGATE_HOME=t/regions/us",
    ]);
  });

  test.each([
    ["eu,us", { redisUrl: "redis://127.0.0.1:6379" }, "each region needs a Redis of its own"],
    ["eu,us", { httpsPort: 8180 }, "two of them would need port 8180"],
    ["eu,us", { controlPort: 65_500 }, "one of them would need port 65600"],
  ])("%s with %j are refused with a sentence", (regions, changed, sentence) => {
    expect(() => plan(regions, changed)).toThrow(`Cannot run these regions: ${sentence}`);
  });

  test("may be one alone, on a Redis of the user's", () => {
    expect(plan("us", { redisUrl: "redis://127.0.0.1:6379" })).toHaveLength(1);
  });
});
