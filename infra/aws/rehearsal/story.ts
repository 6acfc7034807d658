// The rehearsal as a story: each scene is one command, what it must end as, and what must then be there. It goes on to its end, so that one run
// says everything that is wrong.
import type { Say } from "../../provision/progress.ts";
import type { Commands, Ended } from "./commands.ts";
import { expected } from "./complaint.ts";
import { deployedComplaints } from "./deployed-complaints.ts";
import type { Gateway } from "./gateway.ts";
import { CREDENTIALS } from "./surroundings.ts";
import { ask, elements, inventory } from "./witness.ts";

export interface Scene {
  readonly title: string;
  /** What was not as it should be; empty when all was. */
  readonly complaints: readonly string[];
}

export interface Stage {
  readonly commands: Commands;
  readonly gateway: Gateway;
  readonly motoUrl: string;
  readonly say: Say;
}

interface Script {
  readonly title: string;
  readonly args: readonly string[];
  readonly withoutCredentials?: boolean;
  readonly code: number;
  /** Each must be found in what it says. */
  readonly says?: readonly RegExp[];
  readonly look?: (ended: Ended) => Promise<readonly string[]>;
}

const EU = "eu-west-1";
const US = "us-east-1";
const ZONE = "Z0REHEARSAL";
const OTHER_SERVERS = ["--architecture", "x86_64"];

export async function playStory(stage: Stage): Promise<Scene[]> {
  const scenes: Scene[] = [];
  for (const script of [...oneRegion(stage), ...(await twoRegions(stage))]) scenes.push(await play(script, stage));
  return scenes;
}

function oneRegion({ gateway, motoUrl }: Stage): Script[] {
  const nothing = async () => (await inventory(motoUrl, EU)).map((thing) => `there is already a ${thing}`);
  const rolledOut = () => deployedComplaints(motoUrl, { region: EU, image: "v2-g2", version: "v2" });
  const deployed = () => deployedComplaints(motoUrl, { region: EU, image: "v1-g1", version: "v1" });
  const resized = () => deployedComplaints(motoUrl, { region: EU, image: "v2-g2", version: "v2", servers: 5 });
  const replaced = () => deployedComplaints(motoUrl, { region: EU, image: "v2-g3", version: "v2", servers: 5 });
  return [
    {
      ...{ title: "nobody's credentials are refused", args: ["deploy"], withoutCredentials: true, code: 2 },
      ...{ says: [/there are no AWS credentials/, /Nothing has been created/], look: nothing },
    },
    {
      ...{ title: "another account is refused", args: ["deploy", "--account", "999999999999"], code: 2 },
      ...{ says: [/These credentials are of account 123456789012/], look: nothing },
    },
    {
      ...{ title: "without a yes nothing is made", args: ["deploy"], code: 2 },
      ...{ says: [/ok {2}credentials/, /costs .*Say --yes/], look: nothing },
    },
    {
      ...{ title: "a deploy makes everything", args: ["deploy", "--yes", "--json"], code: 0 },
      look: async (ended) => [
        ...expected("its url", json(ended).url, "https://pages.rehearsal.invalid"),
        ...(gateway.docker.some(([verb]) => verb === "push") ? [] : ["no image was pushed"]),
        ...(await deployed()),
      ],
    },
    {
      ...{ title: "the same again changes nothing", args: ["deploy", "--yes"], code: 0 },
      ...{ says: [/tidegate-images-eu is as it should be/, /tidegate-eu is as it should be/], look: deployed },
    },
    {
      ...{ title: "a forgotten flag takes nothing away", args: ["deploy", "--regions", "us", "--yes"], code: 2 },
      ...{ says: [/eu .*Say --regions us,eu/], look: deployed },
    },
    {
      ...{ title: "status shows what runs", args: ["status"], code: 0 },
      says: [/of 3 servers/],
    },
    {
      ...{
        title: "a rollout brings a new version",
        args: ["rollout", "--version", "v2", "--canary", "0", "--bake", "1"],
      },
      ...{ code: 0, look: rolledOut },
    },
    {
      title: "a deploy after a rollout keeps the new version, and ECS is told how many servers there are to be",
      ...{ args: ["deploy", "--servers", "5", "--yes", "--json"], code: 0 },
      says: [/tidegate-eu is as it should be/, /5 servers from now on, in place of 3/],
      look: async (ended) => [
        ...expected("the version", json(ended).regions?.[0]?.version, "v2"),
        ...(await resized()),
      ],
    },
    {
      ...{ title: "a diff shows what another set-up would change", args: ["diff", ...OTHER_SERVERS], code: 0 },
      ...{ says: [/There were no differences/, /AWS::ECS::TaskDefinition/, /X86_64/, /tidegate:v2-g3/], look: resized },
    },
    {
      title: "with another set-up the next generation of what runs takes over, as many servers as run",
      ...{ args: ["deploy", ...OTHER_SERVERS, "--yes"], code: 0, look: replaced },
      says: [/generation 3 of v2 takes over/],
    },
    {
      ...{ title: "without a yes nothing is destroyed", args: ["destroy"], code: 2 },
      ...{ says: [/tidegate-eu/, /Say --yes/], look: replaced },
    },
    {
      ...{ title: "a destruction leaves nothing", args: ["destroy", "--yes"], code: 0 },
      ...{ says: [/Nothing is left that costs/] },
      look: async () => (await inventory(motoUrl, EU)).map((thing) => `left: ${thing}`),
    },
    {
      ...{ title: "there is nothing to destroy twice", args: ["destroy", "--yes"], code: 0 },
      says: [/There is no deployment of ours/],
    },
  ];
}

async function twoRegions({ gateway, motoUrl }: Stage): Promise<Script[]> {
  const motoZone = await makeZone(motoUrl);
  gateway.alias(ZONE, motoZone);
  const where = ["--regions", "eu,us", "--domain", "play.example.org", "--hosted-zone-id"];
  const both = async (look: (region: string) => Promise<readonly string[]>) =>
    (await Promise.all([EU, US].map(look))).flat();
  return [
    {
      ...{ title: "several regions need a domain", args: ["deploy", "--regions", "eu,us", "--yes"], code: 2 },
      says: [/several regions need --domain/],
    },
    {
      ...{ title: "a zone that is not there is refused", args: ["deploy", ...where, "Z00000000000"], code: 2 },
      says: [/there is no hosted zone Z00000000000/],
    },
    {
      ...{ title: "an address that is none is refused", args: ["deploy", "--mail", "nobody", "--yes"], code: 2 },
      says: [/--mail must be an address/],
    },
    {
      title: "two regions and the edge, with mail of alarms",
      ...{ args: ["deploy", ...where, ZONE, "--mail", "ops@example.org", "--yes", "--json"], code: 0 },
      look: async (ended) => [
        ...expected("its url", json(ended).url, "https://play.example.org"),
        ...(gateway.leftOut.includes("AWS::SNS::Subscription") ? [] : ["nobody is told of alarms"]),
        ...(await both((region) => deployedComplaints(motoUrl, { region, image: "v1-g1", version: "v1" }))),
        ...(await latencyRecords(motoUrl, motoZone)),
      ],
    },
    {
      ...{ title: "one region goes, the other stays", args: ["destroy", "--regions", "us", "--yes"], code: 0 },
      look: async () => [
        ...(await inventory(motoUrl, US)).filter((thing) => /load balancer|cluster|network/.test(thing)),
        ...(await deployedComplaints(motoUrl, { region: EU, image: "v1-g1", version: "v1" })),
      ],
    },
    {
      ...{ title: "then all of it", args: ["destroy", "--yes"], code: 0, says: [/Nothing is left that costs/] },
      look: () => both(async (region) => (await inventory(motoUrl, region)).map((thing) => `left: ${thing}`)),
    },
  ];
}

async function play(script: Script, { commands, gateway, say }: Stage): Promise<Scene> {
  const { args, code, says = [], look, title, withoutCredentials = false } = script;
  say(`\n${title}`);
  const faultsBefore = gateway.faults.length;
  const ended = await commands.run(args, withoutCredentials ? {} : CREDENTIALS);
  const said = ended.stdout + ended.stderr;
  const complaints = [
    ...expected("the exit code", ended.code, code),
    ...says.filter((words) => !words.test(said)).map((words) => `it does not say ${words}`),
    ...gateway.faults.slice(faultsBefore),
    ...(ended.code === code ? await complaintsOf(look, ended) : []),
  ];
  for (const complaint of complaints) say(`  WRONG: ${complaint}`);
  return { title, complaints };
}

async function complaintsOf(look: Script["look"], ended: Ended): Promise<readonly string[]> {
  try {
    return (await look?.(ended)) ?? [];
  } catch (error) {
    return [`it could not be looked at: ${(error as Error).message}`];
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the command says, to be compared
const json = ({ stdout }: Ended): any => JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");

async function makeZone(motoUrl: string): Promise<string> {
  const body =
    '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>example.org</Name><CallerReference>rehearsal</CallerReference></CreateHostedZoneRequest>';
  const answer = await ask(motoUrl, { service: "route53", region: US, path: "/2013-04-01/hostedzone", xml: body });
  return elements(answer, "Id")[0]!.replace("/hostedzone/", "");
}

/** Each region's share of the name that leads to the nearest. */
async function latencyRecords(motoUrl: string, zone: string): Promise<string[]> {
  const answer = await ask(motoUrl, { service: "route53", region: US, path: `/2013-04-01/hostedzone/${zone}/rrset` });
  return expected("the regions of live.play.example.org", elements(answer, "Region").sort().join(), `${EU},${US}`);
}
