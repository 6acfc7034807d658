import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { names, readSettings, type SettingsInput } from "../settings.ts";
import { diff } from "./diff.ts";
import { regionTemplate, runs, serviceOf } from "./testing/region-service.ts";
import { StandInAccount } from "./testing/stand-in-account.ts";

const EU = "eu-west-1";
const domain = { domain: "play.example.org", hostedZoneId: "Z0123456789" };
const folder = mkdtempSync(join(tmpdir(), "tidegate-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function compare(account: StandInAccount, input: SettingsInput = {}, { cpu = "1024", codes = [0, 0] } = {}) {
  const settings = readSettings(input);
  const compared: string[][] = [];
  const said: string[] = [];
  let release = "";
  let synths = 0;
  const code = await diff(settings, {
    aws: account.aws,
    synth: (wanted) => {
      synths += 1;
      release = `${wanted.version}-g${wanted.generation}`;
      const stacks = wanted.regions.map((region) => {
        const templateFile = join(folder, `${region.id}.json`);
        writeFileSync(templateFile, regionTemplate(wanted, { cpu }));
        return { name: names.regionStack(region), region: region.aws, templateFile };
      });
      return { folder, stacks };
    },
    cdk: async (where, args) => {
      expect(where).toBe(folder);
      compared.push([release, ...args.filter((arg) => arg.startsWith("tidegate"))]);
      return codes.shift()!;
    },
    say: (line) => void said.push(line),
  });
  expect(account.changes).toEqual([]);
  return { code, compared, said, synths };
}

/** On record is v1; ECS has been told v2 since. */
function rolledOut(servers = 3): StandInAccount {
  const outputs = { ClusterName: "tidegate-eu", ServiceName: "tidegate" };
  const account = new StandInAccount().put(EU, "tidegate-eu", { template: regionTemplate(readSettings({})), outputs });
  return runs(account, serviceOf("v2", 2, servers));
}

test("where nothing is, everything is compared with nothing", async () => {
  const { code, compared } = await compare(new StandInAccount());
  expect({ code, compared }).toEqual({ code: 0, compared: [["v1-g1", "tidegate-images-eu", "tidegate-eu"]] });
});

test("what a rollout or the autoscaling has brought since is no difference", async () => {
  const { compared, said } = await compare(rolledOut(7));
  expect(compared).toEqual([["v1-g1", "tidegate-images-eu", "tidegate-eu"]]);
  expect(said).toEqual([]);
});

test("servers that a deploy would replace are compared as the generation that would take over", async () => {
  const { compared } = await compare(rolledOut(), {}, { cpu: "2048" });
  expect(compared).toEqual([["v2-g3", "tidegate-images-eu", "tidegate-eu"]]);
});

test("a number of servers that ECS would be told is said, since no template tells it", async () => {
  const { said } = await compare(rolledOut(7), { servers: "5" });
  expect(said).toEqual(["eu: There are to be 5 servers from now on, in place of 7."]);
});

test("each region is compared by the release that runs there, and the page with the last one", async () => {
  const { compared } = await compare(rolledOut(), { ...domain, regions: "eu,us" }, { cpu: "2048" });
  expect(compared).toEqual([
    ["v2-g3", "tidegate-images-eu", "tidegate-eu"],
    ["v1-g1", "tidegate-images-us", "tidegate-us", "tidegate-edge"],
  ]);
});

test("regions that want the same are compared with the same templates", async () => {
  const { compared, synths } = await compare(new StandInAccount(), { ...domain, regions: "eu,us" });
  expect({ regions: compared.length, synths }).toEqual({ regions: 2, synths: 1 });
});

test("another account than the one that was said is not looked at", async () => {
  const refused = compare(new StandInAccount(), { account: "444455556666" });
  await expect(refused).rejects.toMatchObject({ code: "wrong-account", exitCode: 2 });
});

test("when the CDK fails, its exit code is the command's, and nothing more is asked", async () => {
  const { code, compared } = await compare(new StandInAccount(), { ...domain, regions: "eu,us" }, { codes: [3] });
  expect({ code, asked: compared.length }).toEqual({ code: 3, asked: 1 });
});
