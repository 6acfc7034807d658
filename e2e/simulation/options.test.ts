import { describe, expect, it } from "vitest";
import { WrongUsage } from "../../client/bots/flags.ts";
import { parseOptions } from "./options.ts";

const read = (...args: string[]) => parseOptions(args, () => {});

describe("what the simulation can be told", () => {
  it("is a thousand seeds unless said otherwise", () => {
    expect(read()).toEqual({ seeds: 1000, first: 1, trace: false, json: false });
    expect(read("--seeds", "5", "--first", "70", "--json")).toEqual({ seeds: 5, first: 70, trace: false, json: true });
    expect(read("--seed", "1234", "--trace")).toMatchObject({ seed: 1234, trace: true });
  });

  it.each([["--seeds", "many"], ["--seed", "-1"], ["--seed", "4294967296"], ["--pirates"]])(
    "refuses %s %s",
    (...args) => {
      expect(() => read(...args)).toThrow(WrongUsage);
    },
  );
});
