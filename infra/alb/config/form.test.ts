import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { formOf, pathOfParameter } from "./form.ts";

test("lists count from one, members are joined by dots, scalars become text", () => {
  const parameters = { Name: "a", Targets: [{ Id: "x", Port: 1 }, { Id: "y" }], On: true, None: [], Left: undefined };
  expect(formOf(parameters, [])).toEqual([
    ["Name", "a"],
    ["Targets.member.1.Id", "x"],
    ["Targets.member.1.Port", "1"],
    ["Targets.member.2.Id", "y"],
    ["On", "true"],
    ["None", ""],
  ]);
});

test("a parameter that the API refuses is found again in the file", () => {
  const at = ["LoadBalancers", 0];
  expect(pathOfParameter("DefaultActions.member.2.Type", at)).toEqual([...at, "DefaultActions", 1, "Type"]);
  expect(pathOfParameter("Name", at)).toEqual([...at, "Name"]);
});

const loop: { Again?: unknown } = {};
loop.Again = loop;

test.each([
  ["an empty value", { A: [{ B: null }] }, "A[0].B: It has no value."],
  ["a name with a dot", { A: { "B.C": 1 } }, 'A."B.C": It is not known here.'],
  ["what contains itself", { A: loop }, "It is nested too deeply."],
  ["too much", { A: Array(limits.maxControlParameters + 1).fill(1) }, "It has too many members."],
  ["what is no data", { A: Symbol("x") }, "A: It is neither a text nor a number nor a list."],
])("%s is refused", (_what, parameters, sentence) => {
  expect(() => formOf(parameters, [])).toThrow(sentence);
});
