import { expect, test } from "vitest";
import { Refusal } from "../../stack/refusal.ts";
import { awsRefusal, withAws } from "./aws-errors.ts";

const named = (name: string, message = "as it is", code?: string): Error =>
  Object.assign(new Error(message), { name, code });

test.each([
  [
    "no credentials at all",
    named("CredentialsProviderError", "Could not load credentials from any providers"),
    "no-credentials",
    2,
  ],
  [
    "an SSO session that is over",
    named("CredentialsProviderError", "The SSO session has expired"),
    "expired-credentials",
    2,
  ],
  ["a token that is over", named("ExpiredTokenException"), "expired-credentials", 2],
  ["a key that AWS does not know", named("InvalidClientTokenId"), "bad-credentials", 2],
  ["a clock that is wrong", named("RequestTimeTooSkewed"), "clock-skew", 1],
  ["too many calls", named("ThrottlingException"), "throttled", 1],
  ["a name that cannot be found", named("Error", "getaddrinfo", "ENOTFOUND"), "unreachable", 1],
  ["anything else", named("InsufficientCapacity", "no room"), "aws-error", 1],
])("%s has a code of its own", (_title, error, code, exitCode) => {
  expect(awsRefusal(error, "deploy")).toMatchObject({ code, exitCode });
});

test("a refusal of IAM names the action that is missing", () => {
  const error = named(
    "AccessDenied",
    "User: arn:aws:iam::1:user/x is not authorized to perform: ecs:UpdateService on resource: y",
  );
  expect(awsRefusal(error, "roll out").message).toBe(
    "Cannot roll out: these credentials may not do ecs:UpdateService. `npm run aws -- policy` prints what an operator needs.",
  );
});

test("a refusal of ours passes as it is", async () => {
  const ours = new Refusal("ours", "Ours.");
  await expect(withAws("deploy", () => Promise.reject(ours))).rejects.toBe(ours);
});
