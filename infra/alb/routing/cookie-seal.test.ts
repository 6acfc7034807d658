import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCookieSeal } from "./cookie-seal.ts";

const key = Buffer.alloc(32, 7);
const seal = createCookieSeal({ key, randomBytes });
const content = { text: "10.0.0.1|8080", expiresAtMs: 1_700_000_000_000 };

test("ALB-62: what was sealed opens again, for the same scope and key only", () => {
  const value = seal.seal("AWSALB g", content);
  expect(value).toMatch(/^[A-Za-z0-9+/]{128}$/);
  expect(seal.open("AWSALB g", value, 512)).toEqual(content);
  expect(seal.open("AWSALB h", value, 512)).toBeUndefined();
  const other = createCookieSeal({ key: Buffer.alloc(32, 8), randomBytes });
  expect(other.open("AWSALB g", value, 512)).toBeUndefined();
});

test("ALB-62: the length of a cookie does not tell the target", () => {
  const lengths = ["10.0.0.1|80", "fd00:1234:5678:9abc:def0:1234:5678:9abc|65535"].map(
    (text) => seal.seal("AWSALB g", { ...content, text }).length,
  );
  expect(lengths).toEqual([128, 128]);
});

test("ALB-62: any text that fits comes back unchanged", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 300 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 4e12 }), (text, expiresAtMs) => {
      const value = seal.seal("s", { text, expiresAtMs });
      expect(seal.open("s", value, value.length)).toEqual({ text, expiresAtMs });
      expect(seal.open("s", value, value.length - 1)).toBeUndefined();
    }),
    { seed: 62, numRuns: 200 },
  );
});

test("ALB-62: no change of a single character, nor a cut or an addition, opens", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_% ";
  const value = seal.seal("AWSALB g", content);
  fc.assert(
    fc.property(fc.nat(value.length - 1), fc.constantFrom(...letters), (at, letter) => {
      fc.pre(value[at] !== letter);
      expect(seal.open("AWSALB g", value.slice(0, at) + letter + value.slice(at + 1), 512)).toBeUndefined();
      expect(seal.open("AWSALB g", value.slice(0, at), 512)).toBeUndefined();
      expect(seal.open("AWSALB g", value + letter, 512)).toBeUndefined();
    }),
    { seed: 62, numRuns: 500 },
  );
});

test("ALB-62: arbitrary values are refused without an exception", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (value) => {
      expect(seal.open("AWSALB g", value, 512)).toBeUndefined();
    }),
    { seed: 62, numRuns: 500 },
  );
});
