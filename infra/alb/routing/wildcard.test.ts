import fc from "fast-check";
import { expect, test } from "vitest";
import { compileWildcard, countWildcards } from "./wildcard.ts";

test.each([
  ["*", "", true],
  ["?", "", false],
  ["?", "a", true],
  ["/img/*", "/img/", true],
  ["/img/*", "/img", false],
  ["*.example.com", "www.example.com", true],
  ["*.example.com", "example.com", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a?c", "abbc", false],
  ["a**", "a", true],
])("ALB-42: pattern %s against %s gives %s", (pattern, text, expected) => {
  expect(compileWildcard(pattern)(text)).toBe(expected);
});

test("ALB-42: case counts unless it is to be ignored", () => {
  expect(compileWildcard("/A")("/a")).toBe(false);
  expect(compileWildcard("/A*", { ignoreCase: true })("/aBC")).toBe(true);
});

test("ALB-42: a backslash takes a wildcard literally where escapes are known", () => {
  expect(compileWildcard("\\*", { escapes: true })("*")).toBe(true);
  expect(compileWildcard("\\*", { escapes: true })("x")).toBe(false);
  expect(compileWildcard("\\\\?", { escapes: true })("\\x")).toBe(true);
});

test("ALB-42: matching agrees with the obvious regular expression", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
  fc.assert(
    fc.property(letters, texts, (pattern, text) => {
      const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(compileWildcard(pattern)(text)).toBe(regex.test(text));
    }),
    { seed: 42, numRuns: 500 },
  );
});

test("ALB-42: a hostile text does not make a pattern of many stars explode", () => {
  const matches = compileWildcard("a*a*a*a*a*b");
  expect(matches("a".repeat(16_000))).toBe(false);
});

test("wildcards are counted for the limit of a rule", () => {
  expect(countWildcards("/a*?b*")).toBe(3);
});
