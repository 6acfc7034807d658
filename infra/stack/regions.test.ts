import { describe, expect, test } from "vitest";
import { readRegions, readRehearsedRegions, regions, regionsFile, regionsVariable } from "./regions.ts";

describe("regions", () => {
  test("are read in the order in which they are given, by our names or by AWS's", () => {
    expect(readRegions("us, eu-west-1").map(({ id }) => id)).toEqual(["us", "eu"]);
  });

  test("have names that a room code can begin with", () => {
    for (const { id } of regions) expect(id).toMatch(/^[a-z]{2}$/);
  });

  test.each([
    ["mars", 'Cannot use these regions: "mars" is none of eu, us, sa, ap, au.'],
    ["eu,eu-west-1", "Cannot use these regions: eu is named twice."],
    ["eu,", 'Cannot use these regions: "" is none of eu, us, sa, ap, au.'],
  ])("%s is refused with a sentence", (text, sentence) => {
    expect(() => readRegions(text)).toThrow(sentence);
  });

  test("are as far away as is said of them, or as one says", () => {
    const far = (text: string) => readRehearsedRegions(text).map(({ id, rehearsedRttMs }) => [id, rehearsedRttMs]);
    expect(far("eu,us=140")).toEqual([
      ["eu", 12],
      ["us", 140],
    ]);
  });

  test.each([
    ["eu=", 'eu is to be "" ms away, which is not 0 to 2000'],
    ["eu=2001", 'eu is to be "2001" ms away'],
    ["eu=1=2", 'eu is to be "1=2" ms away'],
    ["mars=3", '"mars" is none of'],
  ])("%s is refused with a sentence", (text, sentence) => {
    expect(() => readRehearsedRegions(text)).toThrow(sentence);
  });

  test("are told to servers in a variable and to pages in a file", () => {
    const places = [
      { id: "eu", name: "Europe", url: "https://eu.example" },
      { id: "us", name: "North America", url: "https://us.example" },
    ] as const;
    expect(regionsVariable(places)).toBe("eu=https://eu.example Europe,us=https://us.example North America");
    expect(regionsFile(places, "https://live.example")).toEqual({
      here: null,
      live: "https://live.example",
      regions: places,
    });
    expect(regionsFile([], undefined)).toEqual({ here: null, regions: [] });
  });
});
