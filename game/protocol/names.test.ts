import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanName, NAME_MAX_CHARACTERS } from "./index.ts";

const MARK = "\u0301";

describe("a name", () => {
  it.each([
    ["is kept as it is", "Ada", "Ada"],
    ["loses blanks around it, and doubled ones", "  Ada \t\n Lovelace ", "Ada Lovelace"],
    ["is composed (NFC)", `Zoe\u0308`, "Zo\u00eb"],
    ["keeps letters of any script", "Ωμέγα 東京 مرحبا", "Ωμέγα 東京 مرحبا"],
    ["keeps markup characters: screens draw it as text", "<b>&\"'", "<b>&\"'"],
    ["loses control characters", "A\u0000d\u0007a\u009f", "Ada"],
    ["loses zero-width characters", "A\u200bd\u200da\ufeff", "Ada"],
    ["loses bidi overrides and isolates", "\u202eAda\u202c \u2066x\u2069\u200f", "Ada x"],
    ["loses half surrogates", "A\ud800da", "Ada"],
    ["loses blanks in disguise", "A\u00a0\u3000d\u3164a", "A da"],
    ["is cut at its length, not in the middle of a character", `${"a".repeat(15)}🇫🇷bc`, `${"a".repeat(15)}🇫🇷`],
    ["has no blank where it was cut", `${"a".repeat(15)} bc`, "a".repeat(15)],
    ["keeps only a few marks on a letter", `x${MARK.repeat(40)}y`, `x${MARK.repeat(3)}y`],
  ])("%s", (_what, text, name) => {
    expect(cleanName(text)).toBe(name);
  });

  it.each([
    ["nothing", ""],
    ["blanks only", " \u00a0\u3000 "],
    ["invisible characters only", "\u200b\u202e\u2066\u00ad"],
    ["invisible fillers only", "\u3164\u115f\uffa0\u2800"],
    ["marks without a letter", MARK.repeat(3)],
    ["more than is looked at", "a".repeat(65)],
  ])("cannot be %s", (_what, text) => {
    expect(cleanName(text)).toBeUndefined();
  });

  it("is clean after cleaning, short, and free of anything invisible, whatever was typed", () => {
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    const property = fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const name = cleanName(text);
      if (name === undefined) return;
      const isShort = [...segmenter.segment(name)].length <= NAME_MAX_CHARACTERS;
      const isVisible = !/\p{C}|\p{Default_Ignorable_Code_Point}|^\s|\s$|\s\s/u.test(name);
      if (cleanName(name) !== name || !isShort || !isVisible) throw new Error(`not clean: ${JSON.stringify(name)}`);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
