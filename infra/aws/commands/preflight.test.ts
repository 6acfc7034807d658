// Every sentence that a deploy can be stopped with before it creates anything.
import { expect, test } from "vitest";
import { readSettings, type SettingsInput } from "../settings.ts";
import { type Caller, credentialsCheck, permissionsCheck, quotaCheck, regionsCheck } from "./account-checks.ts";
import { findDeployed } from "./deployed.ts";
import { domainCheck, stacksCheck } from "./place-checks.ts";
import { type Check, preflight } from "./preflight.ts";
import { runs, serviceOf } from "./testing/region-service.ts";
import { awsError, StandInAccount } from "./testing/stand-in-account.ts";

const EU = "eu-west-1";
const domain = { domain: "play.example.org", hostedZoneId: "Z0123456789" };

async function looked(account: StandInAccount, input: SettingsInput = {}) {
  const settings = readSettings(input);
  const { aws } = account;
  let caller: Caller | undefined;
  const checks: Check[] = [
    credentialsCheck(settings, aws, (one) => {
      caller = one;
    }),
    regionsCheck(settings, aws),
    domainCheck(settings, aws),
    permissionsCheck(aws(EU), () => caller!),
    stacksCheck(settings, () => findDeployed(aws)),
    quotaCheck(settings, aws, () => findDeployed(aws)),
  ];
  const said: string[] = [];
  const outcome = await preflight(checks, (line) => said.push(line)).then(
    () => undefined,
    (refusal: { code: string; exitCode: number; message: string }) => refusal,
  );
  expect(account.changes).toEqual([]);
  return { said: said.join("\n"), outcome };
}

const zone = (account: StandInAccount, Name = "example.org.", PrivateZone = false) =>
  account.on("GetHostedZone", () => ({ HostedZone: { Name, Config: { PrivateZone } } }));

test("when all is well, it says what it has found", async () => {
  const account = zone(new StandInAccount())
    .on("SimulatePrincipalPolicy", () => ({ EvaluationResults: [] }))
    .on("GetServiceQuota", () => ({ Quota: { Value: 40 } }));
  const { said, outcome } = await looked(account, { ...domain, regions: "eu,us" });
  expect(outcome).toBeUndefined();
  expect(said.split("\n")).toEqual([
    "  ok  credentials  account 111122223333, as arn:aws:iam::111122223333:user/somebody",
    "  ok  regions      eu is eu-west-1, us is us-east-1",
    "  ok  domain       play.example.org in the hosted zone of example.org",
    "  ok  permissions  what a deploy needs is allowed",
    "  ok  stacks       none yet",
    "  ok  quotas       40 Fargate vCPUs in eu-west-1, a rollout needs 6; 40 Fargate vCPUs in us-east-1, a rollout needs 6",
  ]);
});

test.each([
  ["no credentials", "CredentialsProviderError", "no-credentials"],
  ["credentials that have expired", "ExpiredToken", "expired-credentials"],
  ["a key that AWS does not know", "InvalidClientTokenId", "bad-credentials"],
])("with %s nothing else is asked", async (_title, name, code) => {
  const account = new StandInAccount().on("GetCallerIdentity", () => {
    throw awsError(name);
  });
  const { said, outcome } = await looked(account);
  expect(outcome).toMatchObject({ code, exitCode: 2, message: "Nothing has been created, for the reason above." });
  expect(said.split("\n")).toHaveLength(1);
});

test("credentials of another account than the one named are refused", async () => {
  const { said, outcome } = await looked(new StandInAccount(), { account: "444455556666" });
  expect(outcome).toMatchObject({ code: "wrong-account", exitCode: 2 });
  expect(said).toContain("These credentials are of account 111122223333, and --account says 444455556666.");
});

test("a region that is not enabled is named", async () => {
  const account = zone(new StandInAccount()).on("GetCallerIdentity", (_input, region) => {
    if (region === "us-east-1") throw awsError("InvalidClientTokenId");
    return { Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" };
  });
  const { said, outcome } = await looked(account, { ...domain, regions: "eu,us" });
  expect(outcome).toMatchObject({ code: "region-disabled", exitCode: 1 });
  expect(said).toContain("The region us-east-1 (us) is not enabled in this account");
});

test.each([
  [
    "a hosted zone that is not there",
    () => {
      throw awsError("NoSuchHostedZone");
    },
    "no-zone",
    "there is no hosted zone Z0123456789",
  ],
  [
    "a private one",
    () => ({ HostedZone: { Name: "example.org.", Config: { PrivateZone: true } } }),
    "private-zone",
    "is private",
  ],
  [
    "another's",
    () => ({ HostedZone: { Name: "example.com." } }),
    "other-zone",
    "is that of example.com, which does not hold play.example.org",
  ],
])("%s cannot hold the domain", async (_title, answer, code, words) => {
  const { said, outcome } = await looked(new StandInAccount().on("GetHostedZone", answer), domain);
  expect(outcome).toMatchObject({ code, exitCode: 2 });
  expect(said).toContain(words);
});

test("permissions that are missing are named by their actions", async () => {
  const account = new StandInAccount().on("SimulatePrincipalPolicy", ({ ActionNames }: { ActionNames: string[] }) => ({
    EvaluationResults: ActionNames.map((EvalActionName) => ({
      ...{ EvalActionName, EvalDecision: EvalActionName === "ecs:CreateService" ? "implicitDeny" : "allowed" },
    })),
  }));
  const { said, outcome } = await looked(account);
  expect(outcome).toMatchObject({ code: "permissions-missing", exitCode: 1 });
  expect(said).toContain("These credentials may not do ecs:CreateService. `npm run aws -- policy` prints");
});

test("the permissions of a session are those of its role, whose path IAM is asked for", async () => {
  const asked: string[] = [];
  const account = new StandInAccount()
    .on("GetCallerIdentity", () => ({ Account: "1", Arn: "arn:aws:sts::1:assumed-role/Admin/somebody" }))
    .on("GetRole", ({ RoleName }: { RoleName: string }) => ({
      Role: { Arn: `arn:aws:iam::1:role/aws-reserved/${RoleName}` },
    }))
    .on("SimulatePrincipalPolicy", ({ PolicySourceArn }: { PolicySourceArn: string }) => {
      asked.push(PolicySourceArn);
      return { EvaluationResults: [] };
    });
  await looked(account);
  expect(new Set(asked)).toEqual(new Set(["arn:aws:iam::1:role/aws-reserved/Admin"]));
});

test("whoever may not ask for permissions is told so, and goes on", async () => {
  const account = new StandInAccount().on("SimulatePrincipalPolicy", () => {
    throw awsError("AccessDenied");
  });
  const { said, outcome } = await looked(account);
  expect(outcome).toBeUndefined();
  expect(said).toContain("  ??  permissions  could not be asked for (access-denied)");
});

test("a quota that a rollout would hit is told with what to ask for", async () => {
  const { said, outcome } = await looked(new StandInAccount().on("GetServiceQuota", () => ({ Quota: { Value: 4 } })));
  expect(outcome).toMatchObject({ code: "quota", exitCode: 1 });
  expect(said).toContain("Fargate gives this account 4 vCPUs in eu-west-1, and a rollout of 3 servers needs 6");
});

test("a quota is held against as many servers as run, unless another number is said", async () => {
  const outputs = { ClusterName: "tidegate-eu", ServiceName: "tidegate", Url: "https://x.cloudfront.net" };
  const account = runs(new StandInAccount().put(EU, "tidegate-eu", { outputs }), serviceOf("v1", 1, 7));
  account.on("GetServiceQuota", () => ({ Quota: { Value: 12 } }));
  expect((await looked(account)).said).toContain("a rollout of 7 servers needs 14");
  expect((await looked(account, { servers: "6" })).said).toContain("ok  quotas       12 Fargate vCPUs in eu-west-1, a");
});

test("a stack that AWS is at work on stops a deploy", async () => {
  const account = new StandInAccount().put(EU, "tidegate-eu", { status: "UPDATE_IN_PROGRESS" });
  const { said, outcome } = await looked(account);
  expect(outcome).toMatchObject({ code: "stack-busy", exitCode: 1 });
  expect(said).toContain("tidegate-eu is UPDATE_IN_PROGRESS: AWS is at work on it. Run this again when that is over");
});

test("a stack that was left half done is explained, and does not stop a deploy", async () => {
  const account = new StandInAccount().put(EU, "tidegate-eu", { status: "ROLLBACK_COMPLETE" });
  const { said, outcome } = await looked(account);
  expect(outcome).toBeUndefined();
  expect(said).toContain("tidegate-eu is ROLLBACK_COMPLETE: it was never finished");
});

const serving = (url: string) => ({ outputs: { Url: url } });

test("a region that is forgotten is not taken away", async () => {
  const account = new StandInAccount().put("us-east-1", "tidegate-us", serving("https://x.cloudfront.net"));
  const { said, outcome } = await looked(account);
  expect(outcome).toMatchObject({ code: "other-shape", exitCode: 2 });
  expect(said).toContain("Say --regions eu,us, or take it away first: npm run aws -- destroy --regions us");
});

test("a domain that is forgotten is not taken away", async () => {
  const account = new StandInAccount()
    .put(EU, "tidegate-eu", serving("https://eu.play.example.org"))
    .put("us-east-1", "tidegate-edge", serving("https://play.example.org"));
  const { said, outcome } = await looked(account);
  expect(outcome).toMatchObject({ code: "other-shape" });
  expect(said).toContain("it is at play.example.org. Say --domain play.example.org");
});

test("a domain is not put in front of what was made without one", async () => {
  const account = zone(new StandInAccount()).put(EU, "tidegate-eu", serving("https://x.cloudfront.net"));
  const { outcome } = await looked(account, domain);
  expect(outcome).toMatchObject({ code: "other-shape" });
});

test("all that is wrong is said at once", async () => {
  const account = new StandInAccount()
    .put(EU, "tidegate-eu", { status: "UPDATE_IN_PROGRESS" })
    .on("GetServiceQuota", () => ({ Quota: { Value: 1 } }));
  const { said, outcome } = await looked(account);
  expect(outcome?.message).toBe("Nothing has been created, for the 2 reasons above.");
  expect(said.match(/^ {2}no /gm)).toHaveLength(2);
});
