// What of ours there is in an account, found by the names of its stacks: every region that we know is asked.
import { regions as allRegions, type Region } from "../../stack/regions.ts";
import { names } from "../settings.ts";
import type { Aws } from "./aws-clients.ts";
import { describeStack, type StackFacts } from "./stacks.ts";

export interface DeployedStack {
  readonly name: string;
  readonly kind: "images" | "region" | "edge";
  /** By AWS's name. */
  readonly region: string;
  /** What is in it carries this as the value of `names.tag`. */
  readonly tag: string;
  readonly facts: StackFacts;
}

export interface Deployed {
  readonly stacks: readonly DeployedStack[];
  /** Those with a stack that serves, or is meant to. */
  readonly regions: readonly Region[];
  /** Where people play; undefined while there is nothing to play. */
  readonly url: string | undefined;
  /** Undefined when the page has CloudFront's own name. */
  readonly domain: string | undefined;
  stack(name: string): DeployedStack | undefined;
}

export async function findDeployed(aws: Aws, among: readonly Region[] = allRegions): Promise<Deployed> {
  const possible = among.flatMap((region): Omit<DeployedStack, "facts">[] => [
    { kind: "images", name: names.imagesStack(region), region: region.aws, tag: region.id },
    { kind: "region", name: names.regionStack(region), region: region.aws, tag: region.id },
  ]);
  possible.push({ kind: "edge", name: names.edgeStack, region: names.edgeRegion, tag: names.edgeTag });
  const asked = await Promise.all(
    possible.map(async (one) => ({ ...one, facts: await describeStack(aws(one.region).cloudFormation, one.name) })),
  );
  const stacks = asked.flatMap(({ facts, ...one }) => (facts === undefined ? [] : [{ ...one, facts }]));
  const stack = (name: string) => stacks.find((one) => one.name === name);
  const edge = stack(names.edgeStack);
  const regions = among.filter((region) => stack(names.regionStack(region)) !== undefined);
  const first = regions[0] === undefined ? undefined : stack(names.regionStack(regions[0]));
  const url = (edge ?? first)?.facts.outputs.Url;
  return { stacks, regions, url, domain: edge && url ? new URL(url).hostname : undefined, stack };
}
