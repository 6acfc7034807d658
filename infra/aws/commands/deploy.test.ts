import { expect, test } from "vitest";
import { readSettings, type Settings, type SettingsInput } from "../settings.ts";
import { deploy } from "./deploy.ts";
import { carriedBy } from "./release.ts";
import { regionTemplate, runs, serviceOf } from "./testing/region-service.ts";
import { StandInAccount, untilDone } from "./testing/stand-in-account.ts";

const [EU, US] = ["eu-west-1", "us-east-1"];
const outputs = {
  ...{
    Url: "https://x.cloudfront.net",
    ClientBucket: "pages",
    DistributionId: "E1",
    RepositoryUri: "1.dkr.ecr/tidegate",
  },
  ...{ ClusterName: "tidegate-eu", ServiceName: "tidegate" },
  ...{ TargetGroupArn: "arn:blue", AlternateTargetGroupArn: "arn:green", ListenerRuleArn: "arn:rule" },
};
/** What the rule that ECS shifts says. */
const serves = (arn: string) => ({ Rules: [{ Actions: [{ Type: "forward", TargetGroupArn: arn }] }] });
const domain = { domain: "play.example.org", hostedZoneId: "Z0123456789" };

function templates(settings: Settings, cpu: string): Map<string, string> {
  const { regions, domain } = settings;
  const region = regionTemplate(settings, { cpu });
  const images = JSON.stringify({ Resources: {} });
  return new Map([
    ...regions.flatMap(({ id }): [string, string][] => [
      [`tidegate-images-${id}`, images],
      [`tidegate-${id}`, region],
    ]),
    ...(domain === undefined ? [] : ([["tidegate-edge", images]] as [string, string][])),
  ]);
}

const openAccount = (): StandInAccount => new StandInAccount(outputs).on("DescribeRules", () => serves("arn:blue"));

async function deployed(account: StandInAccount, input: SettingsInput = {}, cpu = "1024") {
  const done: string[] = [];
  const said: string[] = [];
  const settings = readSettings(input);
  const outcome = await untilDone(
    account,
    deploy(settings, {
      aws: account.aws,
      synth: async (wanted) => templates(wanted, cpu),
      publishImage: async ({ version, generation, region }) => {
        done.push(`image ${version}-g${generation} to ${region}`);
        account.changes.push(`${region} push`);
        return "";
      },
      publishClient: async ({ version, bucket }) => void done.push(`client ${version} to ${bucket}`),
      publishRegions: async (_place, { regions }) =>
        void done.push(`regions of choice: ${regions.map(({ id }) => id).join() || "none"}`),
      clock: account.clock,
      say: (line) => void said.push(line),
      signal: new AbortController().signal,
    }),
  );
  return { outcome, done, said };
}

test("the repository comes before the image, the image before the servers, the servers before the pages", async () => {
  const account = openAccount();
  const { outcome, done } = await deployed(account);
  expect(account.changes).toEqual([
    `${EU} CreateStack tidegate-images-eu`,
    `${EU} BatchDeleteImage tidegate`,
    `${EU} push`,
    `${EU} CreateStack tidegate-eu`,
  ]);
  expect(done).toEqual(["image v1-g1 to eu-west-1", "client v1 to pages", "regions of choice: none"]);
  expect(outcome).toEqual({
    url: outputs.Url,
    regions: [{ id: "eu", region: EU, version: "v1", generation: 1 }],
  });
});

test("a deploy of what runs changes nothing but the pages", async () => {
  const account = openAccount();
  await deployed(account);
  runs(account, serviceOf("v1", 1));
  const before = account.changes.length;
  const { done } = await deployed(account);
  expect(account.changes.slice(before)).toEqual([
    `${EU} UpdateStack tidegate-images-eu`,
    `${EU} UpdateStack tidegate-eu`,
  ]);
  expect(done).toEqual(["client v1 to pages", "regions of choice: none"]);
});

test("after a rollout a deploy says what runs, brings no old pages and starts nothing", async () => {
  const account = openAccount();
  await deployed(account);
  runs(account, serviceOf("v2", 2));
  const { outcome, done } = await deployed(account);
  expect(outcome.regions).toEqual([{ id: "eu", region: EU, version: "v2", generation: 2 }]);
  expect(done).toEqual(["client v2 to pages", "regions of choice: none"]);
  expect(account.stack(EU, "tidegate-eu")?.status).toBe("CREATE_COMPLETE");
});

test("a change of the servers after a rollout gives the image that runs the tag of the next generation", async () => {
  const account = openAccount();
  await deployed(account);
  const tagged: unknown[] = [];
  runs(account, serviceOf("v2", 2))
    .on("BatchGetImage", ({ imageIds }: { imageIds: unknown }) => {
      tagged.push(imageIds);
      return { images: [{ imageManifest: "{}" }] };
    })
    .on("PutImage", ({ imageTag }: { imageTag: string }) => void tagged.push(imageTag));
  const { done, said } = await deployed(account, {}, "2048");
  expect(tagged).toEqual([[{ imageTag: "v2-g2" }], "v2-g3"]);
  expect(said).toContain("The set-up of servers changes: generation 3 of v2 takes over.");
  expect(done[0]).toBe("client v2 to pages");
});

test("servers that a blue/green rollout has left in the alternate group are not replaced by rolling, where nobody would find the new ones", async () => {
  const account = openAccount();
  await deployed(account);
  runs(account, serviceOf("v2", 2)).on("DescribeRules", () => serves("arn:green"));
  await expect(deployed(account, {}, "2048")).rejects.toThrow("bring them back by `npm run aws -- rollout --strategy");
  expect(carriedBy(account.stack(EU, "tidegate-eu")!.template)).toMatchObject({ generation: 1 });
  await deployed(account); // which leaves them alone
});

test("servers that the autoscaling has added stay, whether servers are replaced or not", async () => {
  const account = openAccount();
  await deployed(account);
  runs(account, serviceOf("v1", 1, 7)).on("BatchGetImage", () => ({ images: [{ imageManifest: "{}" }] }));
  await deployed(account);
  expect(carriedBy(account.stack(EU, "tidegate-eu")!.template)).toMatchObject({ generation: 1, servers: 3 });
  await deployed(account, {}, "2048");
  expect(carriedBy(account.stack(EU, "tidegate-eu")!.template)).toMatchObject({ generation: 2, servers: 7 });
  expect(account.changes.filter((change) => change.includes("UpdateService"))).toEqual([]);
});

test("a number of servers that is said is told to ECS, past the template, which would replace them", async () => {
  const account = openAccount();
  await deployed(account);
  const told: unknown[] = [];
  runs(account, serviceOf("v2", 2, 7)).on("UpdateService", (input) => void told.push(input));
  const { said } = await deployed(account, { servers: "5" });
  expect(told).toEqual([{ cluster: "tidegate-eu", service: "tidegate", desiredCount: 5 }]);
  expect(said).toContain("There are to be 5 servers from now on, in place of 7.");
  await deployed(account, { servers: "7" });
  expect(told).toHaveLength(1);
  expect(carriedBy(account.stack(EU, "tidegate-eu")!.template)).toMatchObject({ generation: 1, servers: 3 });
});

test("regions come side by side, the page's stack after them, and the pages where that one says", async () => {
  const account = openAccount();
  const { done, said } = await deployed(account, { ...domain, regions: "eu,us" });
  const made = account.changes.filter((change) => change.includes("CreateStack"));
  expect(made.at(-1)).toBe(`${US} CreateStack tidegate-edge`);
  expect(made).toHaveLength(5);
  expect(said).toContain("us: Creating tidegate-us ...");
  expect(done.at(-1)).toBe("regions of choice: eu,us");
});

test("a region that fails does not stop the other half way, and the page is not made", async () => {
  const account = openAccount().fate(US, "tidegate-images-us", { status: "DELETE_COMPLETE" });
  await expect(deployed(account, { ...domain, regions: "eu,us" })).rejects.toMatchObject({ code: "stack-failed" });
  expect(account.stack(EU, "tidegate-eu")?.status).toBe("CREATE_COMPLETE");
  expect(account.stack(US, "tidegate-edge")).toBeUndefined();
});
