// What a deploy would change: the templates that it would send, compared by the CDK's command line with those that CloudFormation has on record.
// Nothing is changed, and nothing is left in the account.
import type { Say } from "../../provision/progress.ts";
import { EXIT } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { type Assembly, templatesOf } from "../app/synth.ts";
import { names, type Settings } from "../settings.ts";
import { callerFor } from "./account-checks.ts";
import type { Aws } from "./aws-clients.ts";
import { withAws } from "./aws-errors.ts";
import type { Chosen } from "./release.ts";
import { chooseFor, resizeWords } from "./running-service.ts";
import { describeStack } from "./stacks.ts";

/** Without change sets: the CDK would make a stack for those of a first deploy, and delete it again. */
const DIFF = ["diff", "--method", "template", "--exclusively"];

export interface DiffDependencies {
  readonly aws: Aws;
  /** Writes the templates anew, where the ones before were. */
  readonly synth: (settings: Settings) => Assembly;
  /** Runs `cdk ARGS` over a folder of templates, to its exit code. */
  readonly cdk: (folder: string, args: readonly string[]) => Promise<number>;
  readonly say: Say;
}

/** Region by region, since another release may run in each. Resolves to the first exit code of the CDK that is not 0. */
export async function diff(settings: Settings, { aws, synth, cdk, say }: DiffDependencies): Promise<number> {
  const dependencies = { aws, synth: unlessTheSame(synth) };
  await withAws("compare", () => callerFor(settings, aws));
  for (const [at, region] of settings.regions.entries()) {
    const { folder, chosen } = await chooseTemplates(settings, region, dependencies);
    const isLast = at === settings.regions.length - 1;
    const stacks = [names.imagesStack(region), names.regionStack(region)];
    if (isLast && settings.domain !== undefined) stacks.push(names.edgeStack);
    const code = await cdk(folder, [...DIFF, ...stacks]);
    if (code !== EXIT.done) return code;
    const resizing = resizeWords(settings, chosen.running);
    if (resizing !== undefined) say(`${region.id}: ${resizing}`);
  }
  return EXIT.done;
}

/** Regions mostly want what the one before has wanted, and a synth takes seconds. */
function unlessTheSame(synth: DiffDependencies["synth"]): DiffDependencies["synth"] {
  let last: { readonly key: string; readonly assembly: Assembly } | undefined;
  return (settings) => {
    const key = JSON.stringify(settings);
    if (last?.key !== key) last = { key, assembly: synth(settings) };
    return last.assembly;
  };
}

/** In the folder are, by then, the templates that a deploy would send to this region. */
async function chooseTemplates(
  settings: Settings,
  region: Region,
  { aws, synth }: Pick<DiffDependencies, "aws" | "synth">,
): Promise<{ folder: string; chosen: Chosen }> {
  const name = names.regionStack(region);
  const clients = aws(region.aws);
  let folder = "";
  const chosen = await withAws(`compare ${region.aws}`, async () => {
    const facts = await describeStack(clients.cloudFormation, name);
    return chooseFor(clients, facts, {
      first: settings,
      synth: async (carried) => {
        const assembly = synth({ ...settings, ...carried });
        folder = assembly.folder; // what is made last is what is chosen
        return templatesOf(assembly).get(name) ?? "";
      },
    });
  });
  return { folder, chosen };
}
