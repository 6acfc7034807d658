import { describe, expect, test } from "vitest";
import { readRegions, regions } from "./regions.ts";

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
});
