// Preflight questions about what is there already: the domain's hosted zone, stacks of an earlier run, Docker.
import { GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { EXIT, Refusal } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { type Domain, names, type Settings } from "../settings.ts";
import type { Aws, AwsClients } from "./aws-clients.ts";
import { isNamed } from "./aws-errors.ts";
import type { Deployed } from "./deployed.ts";
import type { Check } from "./preflight.ts";
import { checkDocker } from "./publish-image.ts";
import { dutyOf, explainState } from "./stack-state.ts";

export function domainCheck({ domain }: Settings, aws: Aws): Check {
  return {
    name: "domain",
    run: async () => (domain === undefined ? undefined : zoneFacts(aws(names.edgeRegion).route53, domain)),
  };
}

async function zoneFacts(route53: AwsClients["route53"], { name, hostedZoneId }: Domain): Promise<string> {
  const zone = await readZone(route53, hostedZoneId);
  const zoneName = (zone?.Name ?? "").replace(/\.$/, "");
  if (zone === undefined) throw wrong("no-zone", `there is no hosted zone ${hostedZoneId} in this account`);
  if (zone.Config?.PrivateZone)
    throw wrong("private-zone", `the hosted zone ${hostedZoneId} is private: nobody outside sees it`);
  if (name !== zoneName && !name.endsWith(`.${zoneName}`))
    throw wrong("other-zone", `the hosted zone ${hostedZoneId} is that of ${zoneName}, which does not hold ${name}`);
  return `${name} in the hosted zone of ${zoneName}`;
}

async function readZone(route53: AwsClients["route53"], id: string) {
  try {
    return (await route53.send(new GetHostedZoneCommand({ Id: id }))).HostedZone;
  } catch (error) {
    if (isNamed(error, "NoSuchHostedZone")) return undefined;
    throw error;
  }
}

const wrong = (code: string, why: string): Refusal =>
  new Refusal(code, `Cannot use this domain: ${why}.`, { exitCode: EXIT.wrongUsage });

export const dockerCheck: Check = {
  name: "docker",
  run: async () => `engine ${await checkDocker()}`,
};

/** Whether what is there can become what is wanted: half-done stacks, and a deployment of another shape. */
export function stacksCheck(settings: Settings, deployed: () => Promise<Deployed>): Check {
  return {
    name: "stacks",
    run: async () => {
      const found = await deployed();
      const stacks = found.stacks.filter(({ facts }) => dutyOf(facts.status) !== "create");
      const busy = stacks.find(({ facts }) => dutyOf(facts.status) === "wait");
      if (busy !== undefined) throw new Refusal("stack-busy", explainState(busy.name, busy.facts.status)!);
      refuseOtherShape(settings, found);
      const words = stacks
        .map(({ name, facts }) => explainState(name, facts.status))
        .filter((one) => one !== undefined);
      if (words.length > 0) return words.join(" ");
      return stacks.length === 0 ? "none yet" : stacks.map(({ name }) => name).join(", ");
    },
  };
}

/** What a deployment was made with is to be said again: otherwise a forgotten flag would take a region or the domain away under people. */
function refuseOtherShape({ regions, domain }: Settings, deployed: Deployed): void {
  const forgotten = deployed.regions.filter(({ id }) => !regions.some((region) => region.id === id));
  if (forgotten.length > 0) {
    const all = [...regions, ...forgotten].map(({ id }) => id).join(",");
    const left = forgotten.map(({ id }: Region) => id).join(",");
    throw shape(
      `${left} runs as well. Say --regions ${all}, or take it away first: npm run aws -- destroy --regions ${left}`,
    );
  }
  if (deployed.url === undefined || deployed.domain === domain?.name) return;
  throw shape(
    deployed.domain === undefined
      ? "it was made without a domain. Destroy it first, then deploy with one"
      : `it is at ${deployed.domain}. Say --domain ${deployed.domain} and its --hosted-zone-id, or destroy it first`,
  );
}

const shape = (why: string): Refusal =>
  new Refusal("other-shape", `Cannot change the deployment that runs in this way: ${why}.`, {
    exitCode: EXIT.wrongUsage,
  });
