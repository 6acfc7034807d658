import { expect, test } from "vitest";
import { compare, type Played, unaccounted } from "./comparison.ts";
import type { Answer } from "./recorder.ts";

const answer = (value: object): Answer => ({ kind: "answer", value });
const error = (code: string, httpStatus = 400): Answer => ({ kind: "error", code, httpStatus });
const played = (answers: Record<string, Answer>, ownNames: Record<string, string> = {}): Played => ({
  answers: new Map(Object.entries(answers)),
  ownNames: new Map(Object.entries(ownNames)),
});

test("answers are compared field by field, under the name of the operation", () => {
  const moto = played({ "DescribeRules 2": answer({ Port: 1, Only: "moto" }) });
  const ours = played({ "DescribeRules 2": answer({ Port: 1, Other: "ours" }) });
  expect(compare(moto, ours)).toEqual({
    ...{ calls: 1, fields: 3 },
    found: [
      { where: "DescribeRules Only", moto: "moto", ours: "-" },
      { where: "DescribeRules Other", moto: "-", ours: "ours" },
    ],
  });
});

test("what each calls by a name of its own is no difference, in answers as in questions", () => {
  const moto = played({ "CreateListener 41000": answer({ Port: 41_000 }) }, { 41000: "the port" });
  const ours = played({ "CreateListener 42000": answer({ Port: 42_000 }) }, { 42000: "the port" });
  expect(compare(moto, ours)).toEqual({ calls: 1, fields: 1, found: [] });
});

test("errors are compared by code and status, and with answers", () => {
  const moto = played({ a: error("PriorityInUse"), b: error("Missing", 404), c: answer({ x: 1 }), d: answer({}) });
  const ours = played({ a: error("PriorityInUse"), b: error("Missing"), c: error("PriorityInUse") });
  expect(compare(moto, ours).found).toEqual([
    { where: "b", moto: "Missing 404", ours: "Missing 400" },
    { where: "c", moto: "done", ours: "PriorityInUse 400" },
    { where: "d", moto: "done", ours: "not asked" },
  ]);
});

const found = [{ where: "DescribeRules Port", moto: "1", ours: "2" }];

test("a difference that is on the list with both values is accounted for", () => {
  expect(unaccounted(found, [{ why: "", fields: { "DescribeRules Port": ["1", "2"] } }])).toEqual([]);
});

test("a difference that is not on the list is told once, and so is one of other values", () => {
  expect(unaccounted([...found, ...found], [])).toEqual([
    "nobody has explained: DescribeRules Port: moto says 1, ours 2",
  ]);
  expect(unaccounted(found, [{ why: "", fields: { "DescribeRules Port": ["1", "3"] } }])).toEqual([
    "nobody has explained: DescribeRules Port: moto says 1, ours 2",
    "no longer so: DescribeRules Port: moto says 1, ours 3",
  ]);
});

test("a line of the list that is no longer true is told", () => {
  expect(unaccounted([], [{ why: "", fields: { "DescribeRules Port": ["1", "2"] } }])).toEqual([
    "no longer so: DescribeRules Port: moto says 1, ours 2",
  ]);
});
