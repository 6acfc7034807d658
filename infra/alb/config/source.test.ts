import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { ConfigError } from "./problem.ts";
import { parseSource } from "./source.ts";

function problemsOf(text: string) {
  try {
    parseSource(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("was not refused");
}

test("YAML and JSON are read alike", () => {
  const value = { LoadBalancers: [{ Name: "a", Port: 1, On: true }] };
  expect(parseSource("LoadBalancers:\n  - Name: a\n    Port: 1\n    On: true\n").value).toEqual(value);
  expect(parseSource(JSON.stringify(value)).value).toEqual(value);
});

test("every path has its line, and one that is not there has that of what it would be in", () => {
  const { lineOf } = parseSource("A:\n  - B: 1\n    C:\n      - x\n      - y\nD: { E: 2 }\n");
  expect(lineOf(["A", 0, "B"])).toBe(2);
  expect(lineOf(["A", 0, "C", 1])).toBe(5);
  expect(lineOf(["D", "E"])).toBe(6);
  expect(lineOf(["A", 0, "C", 7])).toBe(3);
  expect(lineOf(["A", 3])).toBe(1);
  expect(lineOf(["D", "nowhere", "at", "all"])).toBe(6);
  expect(lineOf([])).toBe(1);
});

test.each([
  ["a: [1,\nb", 2, /Flow/],
  ["a: 1\na: 2", 2, /unique/],
  ["a: 1\n\tb: 2", 2, /[Tt]ab/],
  ["a: !!js/function x", 1, /tag/],
  ["a: 1\n---\nb: 2", 2, /multiple documents/],
  ["? [a]\n: 1", 1, /strings/],
])("broken or foreign YAML %j is refused with its line", (text, line, sentence) => {
  expect(problemsOf(text)[0]).toMatchObject({ line, sentence: expect.stringMatching(sentence) });
});

test.each([
  ["an alias without an anchor", "a: *x"],
  [
    "a tower of aliases",
    `a: &a [x,x]\n${"bcdefghi".replace(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
  ],
  ["nesting deeper than the stack", "[".repeat(50_000)],
  ["a text longer than the limit", `# ${"x".repeat(limits.maxConfigBytes)}`],
])("%s is one sentence, not a crash", (_what, text) => {
  const [problem] = problemsOf(text);
  expect(problem?.sentence).toMatch(/^[A-Z].*\.$/);
});
