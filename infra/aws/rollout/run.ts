// `npm run aws -- rollout` and `status`, put together with everything real.
import { join } from "node:path";
import { Canaries } from "../../deploy/canaries.ts";
import { reportText } from "../../deploy/report-text.ts";
import { screenOn } from "../../deploy/screen.ts";
import type { DeployReport } from "../../deploy/verdict.ts";
import { sayOnStderr } from "../../provision/progress.ts";
import { systemClock } from "../../stack/clock.ts";
import { claimDeployment } from "../../stack/deployment-lock.ts";
import { readEnvironment, repositoryRoot } from "../../stack/environment.ts";
import { type Home, makeHome } from "../../stack/home.ts";
import { EXIT } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { onEndingSignals } from "../../stack/signals.ts";
import { type Aws, awsClients } from "../commands/aws-clients.ts";
import { withAws } from "../commands/aws-errors.ts";
import { type Deployed, findDeployed } from "../commands/deployed.ts";
import { publishClient } from "../commands/publish-client.ts";
import { publishImage } from "../commands/publish-image.ts";
import { names } from "../settings.ts";
import { asJson, exitCodeOf, inTurn } from "./in-turn.ts";
import type { RolloutFlags, StatusFlags } from "./options.ts";
import { chooseRegions, openPlace, outputsOf } from "./place.ts";
import { openRollout, type RegionRollout } from "./region-rollout.ts";
import { type RegionStatus, readStatus, statusText } from "./status.ts";

const say = sayOnStderr;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

export async function runRollout(flags: RolloutFlags): Promise<number> {
  const aws = awsClients();
  const home = makeHome(join(readEnvironment().home, "aws"));
  const deployed = await withAws("look for what is there", () => findDeployed(aws));
  const regions = chooseRegions(deployed, flags.region);
  const release = claimDeployment(home);
  const current = new Current();
  onEndingSignals(
    () => current.interrupt(),
    () => {
      current.drop();
      release();
      process.exit(EXIT.notAchieved);
    },
  );
  try {
    const done = await inTurn(regions, async (region, isLast) => {
      const report = await rollOut(region, { flags, aws, home, deployed, isLast, current });
      if (flags.json !== true) print(`${region.id}${reportText(report)}`);
      return report;
    });
    if (flags.json) print(JSON.stringify(asJson(done, regions)));
    return exitCodeOf(done, regions);
  } finally {
    release();
  }
}

interface RolloutWork {
  readonly flags: RolloutFlags;
  readonly aws: Aws;
  readonly home: Home;
  readonly deployed: Deployed;
  /** Pages are the same for all regions: they change when the last region's servers understand them. */
  readonly isLast: boolean;
  readonly current: Current;
}

/** What Ctrl-C is meant for at the moment. */
class Current {
  #work: { readonly rollout: RegionRollout; readonly canaries: Canaries; readonly pages: AbortController } | undefined;

  begin(rollout: RegionRollout, canaries: Canaries, pages: AbortController): void {
    this.#work = { rollout, canaries, pages };
  }

  interrupt(): void {
    this.#work?.rollout.interrupt();
  }

  /** Leaves running what runs. */
  drop(): void {
    this.#work?.pages.abort();
    this.#work?.canaries.close();
  }
}

async function rollOut(
  region: Region,
  { flags, aws, home, deployed, isLast, current }: RolloutWork,
): Promise<DeployReport> {
  const clients = aws(region.aws);
  const place = await withAws(`roll out in ${region.id}`, () => openPlace(region, deployed, clients));
  const canaries = new Canaries({
    ...{ root: repositoryRoot, home, clock: systemClock, url: place.url, caCertificate: undefined },
  });
  const pages = new AbortController();
  const work = await openRollout(place, flags, {
    ...{ aws: clients, publishImage, clock: systemClock, date: () => new Date(), say },
    ...(isLast && { publishPages: () => publishPages(flags.version, region, deployed, pages.signal) }),
    prepareCanaries: (signal) => canaries.prepare(signal),
    sendCanaries: (spec) => canaries.send(spec),
    screen: screenOn(flags.json ? process.stderr : process.stdout),
  });
  current.begin(work, canaries, pages);
  try {
    return await work.run();
  } finally {
    canaries.close();
  }
}

async function publishPages(version: string, region: Region, deployed: Deployed, signal: AbortSignal): Promise<void> {
  const isEdge = deployed.stack(names.edgeStack) !== undefined;
  const output = outputsOf(deployed, isEdge ? names.edgeStack : names.regionStack(region));
  const place = { bucket: output("ClientBucket"), distributionId: output("DistributionId") };
  await publishClient({ ...place, version, region: isEdge ? names.edgeRegion : region.aws, say, signal });
}

export async function runStatus(flags: StatusFlags): Promise<number> {
  const aws = awsClients();
  const deployed = await withAws("look for what is there", () => findDeployed(aws));
  const all: RegionStatus[] = [];
  for (const region of chooseRegions(deployed, flags.region)) {
    const clients = aws(region.aws);
    const status = await withAws(`look at ${region.id}`, async () =>
      readStatus(await openPlace(region, deployed, clients), clients),
    );
    all.push(status);
  }
  print(flags.json ? JSON.stringify({ url: deployed.url ?? null, regions: all }) : statusText(deployed.url, all));
  return EXIT.done;
}
