import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { readSettings } from "../settings.ts";
import { ACCEPTED_FINDINGS, ruleIn } from "./accepted-findings.ts";
import { buildStacks } from "./app.ts";
import { VARIANTS } from "./testing/variants.ts";

const SLOW_MS = 120_000;

/** `PATH RULE` of every finding of cdk-nag, as if none were accepted; and of those that are accepted, in the same stacks. */
function findings(): { found: Set<string>; accepted: Set<string> } {
  const found = new Set<string>();
  const accepted = new Set<string>();
  for (const input of Object.values(VARIANTS)) {
    const app = buildStacks(readSettings(input), join(tmpdir(), "never-written"));
    for (const { ruleName, violatingResources } of new AwsSolutionsChecks(app).validateScope(app).violations) {
      for (const { constructPath } of violatingResources) found.add(`${placeOf(constructPath!)} ${ruleName}`);
    }
    for (const stack of app.node.children.filter((child): child is Stack => Stack.isStack(child))) {
      for (const { path, rule } of ACCEPTED_FINDINGS) accepted.add(`${path} ${ruleIn(stack, rule)}`);
    }
  }
  return { found, accepted };
}

/** Without the stack in front and the CDK's `Resource` at the end. */
const placeOf = (path: string): string => path.replace(/^[^/]+\//, "").replace(/\/Resource$/, "");

test("cdk-nag finds nothing that is not accepted with a reason, and every finding that is accepted is one of its own", {
  timeout: SLOW_MS,
}, () => {
  const { found, accepted } = findings();
  expect([...found].filter((finding) => !accepted.has(finding))).toEqual([]);
  const places = new Set([...found].map((finding) => finding.replace(/^(\S+ [^[]*).*$/, "$1")));
  const idle = ACCEPTED_FINDINGS.filter(({ path, rule }) => {
    const name = typeof rule === "string" ? rule : "AwsSolutions-IAM5[";
    return name.startsWith("AwsSolutions") && !places.has(`${path} ${name.replace(/\[.*$/, "")}`);
  });
  expect(idle).toEqual([]);
});

test("each says why in a sentence or more", () => {
  for (const { reason } of ACCEPTED_FINDINGS) expect(reason).toMatch(/^\S.{20,}\.$/);
});
