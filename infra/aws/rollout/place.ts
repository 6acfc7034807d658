// A region's deployment as a rollout finds it: names and addresses from its stacks' outputs, and what only AWS knows.
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { EXIT, Refusal } from "../../stack/refusal.ts";
import { type Region, readRegions } from "../../stack/regions.ts";
import type { AwsClients } from "../commands/aws-clients.ts";
import type { Deployed } from "../commands/deployed.ts";
import { names } from "../settings.ts";
import type { Fleetz } from "./fleetz.ts";
import { servingArn } from "./serving-group.ts";

export interface Place extends Fleetz {
  readonly region: Region;
  readonly cluster: string;
  readonly service: string;
  readonly family: string;
  /** The first one serves. */
  readonly targetGroupArns: readonly [string, string];
  /** The one in which a service begins. */
  readonly primaryArn: string;
  /** Of images, without a tag. */
  readonly repositoryUri: string;
}

/** Throws a Refusal when there is nothing, or not there. */
export function chooseRegions({ regions }: Deployed, wanted: string | undefined): readonly Region[] {
  if (regions.length === 0) {
    throw new Refusal("no-deployment", "Nothing is deployed in this account: `npm run aws -- deploy` comes first.");
  }
  if (wanted === undefined) return regions;
  const chosen = readRegions(wanted);
  const missing = chosen.find(({ id }) => !regions.some((region) => region.id === id));
  if (missing === undefined) return chosen;
  const there = regions.map(({ id }) => id).join(", ");
  throw new Refusal("no-deployment", `Nothing is deployed in ${missing.id} (${missing.aws}); there is ${there}.`, {
    exitCode: EXIT.wrongUsage,
  });
}

export async function openPlace(
  region: Region,
  deployed: Deployed,
  { elb, secrets }: Pick<AwsClients, "elb" | "secrets">,
): Promise<Place> {
  const output = outputsOf(deployed, names.regionStack(region));
  const blue = output("TargetGroupArn");
  const green = output("AlternateTargetGroupArn");
  const serving = await servingArn(elb, output("ListenerRuleArn"), [blue, green]);
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: output("OperatorSecretArn") }));
  return {
    region,
    url: output("Url"),
    token: secret.SecretString ?? "",
    cluster: output("ClusterName"),
    service: output("ServiceName"),
    family: output("TaskFamily"),
    targetGroupArns: serving === blue ? [blue, green] : [green, blue],
    primaryArn: blue,
    repositoryUri: outputsOf(deployed, names.imagesStack(region))("RepositoryUri"),
  };
}

export function outputsOf(deployed: Deployed, stackName: string): (name: string) => string {
  return (name) => {
    const value = deployed.stack(stackName)?.facts.outputs[name];
    if (value !== undefined) return value;
    throw new Refusal("no-output", `The stack ${stackName} says no ${name}: \`npm run aws -- deploy\` mends it.`);
  };
}
