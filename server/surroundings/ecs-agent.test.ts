import { afterEach, beforeEach, expect, it } from "vitest";
import { ecsProtection } from "./ecs-agent.ts";
import { type EcsAgentStub, startEcsAgentStub } from "./ecs-agent-stub-for-tests.ts";

let agent: EcsAgentStub;

beforeEach(async () => {
  agent = await startEcsAgentStub();
});

afterEach(() => agent.close());

it("a task is protected and released by the requests that AWS documents", async () => {
  const protection = ecsProtection(agent.uri, fetch);
  expect(await protection.expiresAtMs()).toBeUndefined();
  const beganAtMs = Date.now();
  await protection.protect(15);
  expect(agent.isProtected).toBe(true);
  expect(await protection.expiresAtMs()).toBeGreaterThanOrEqual(beganAtMs + 15 * 60_000);
  await protection.release();
  expect(agent.isProtected).toBe(false);
  const state = "/api/1234567890abcdef0-555/task-protection/v1/state";
  expect(agent.asked).toEqual([
    `GET ${state}`,
    `PUT ${state} application/json {"ProtectionEnabled":true,"ExpiresInMinutes":15}`,
    `GET ${state}`,
    `PUT ${state} application/json {"ProtectionEnabled":false}`,
  ]);
});

/** Bodies as AWS documents them; some come with status 200. */
it.each([
  [
    200,
    '{"failure":{"Arn":"arn:aws:ecs:us-west-2:1:task/1","Detail":null,"Reason":"DEPLOYMENT_BLOCKED"}}',
    "DEPLOYMENT_BLOCKED",
  ],
  [
    200,
    '{"failure":{"Arn":"arn:aws:ecs:us-west-2:1:task/1","Detail":"task is stopped","Reason":"TASK_NOT_VALID"}}',
    "TASK_NOT_VALID: task is stopped",
  ],
  [
    400,
    '{"requestID":"12345-abc","error":{"Arn":"arn","Code":"AccessDeniedException","Message":"User: x is not authorized"}}',
    "AccessDeniedException: User: x is not authorized",
  ],
  [
    500,
    '{"error":{"Arn":"arn","Code":"RequestCanceled","Message":"Timed out calling Amazon ECS Task Protection API"}}',
    "RequestCanceled: Timed out calling Amazon ECS Task Protection API",
  ],
  [404, "404 page not found", "status 404"],
  [200, '{"protection":{"ProtectionEnabled":false,"ExpirationDate":null,"TaskArn":"arn"}}', "status 200"],
])("what the agent says with status %i and %s is told as a sentence", async (status, body, why) => {
  agent.trouble = { status, body };
  const error = await ecsProtection(agent.uri, fetch)
    .protect(1)
    .catch((thrown) => thrown);
  expect(error.message).toBe(`cannot change the protection of this task: ${why}`);
  if (why === "status 200") return; // as an answer to the other question it would be a good one
  await expect(ecsProtection(agent.uri, fetch).expiresAtMs()).rejects.toThrow(
    `cannot see whether this task is protected: ${why}`,
  );
});

it("an agent that never answers is given up", { timeout: 20_000 }, async () => {
  agent.stuck = true;
  await expect(ecsProtection(agent.uri, fetch).release()).rejects.toThrow(/timeout|aborted/);
});
