// Several regions, one after the other: what is learned in one is not repeated in the next.
import type { DeployReport } from "../../deploy/verdict.ts";
import { EXIT, type ExitCode } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";

export interface RegionReport {
  readonly region: Region;
  readonly report: DeployReport;
}

/** `isLast` is whether no other region comes after it. The first report that is not `unnoticed` is the last one. */
export async function inTurn(
  regions: readonly Region[],
  rollOut: (region: Region, isLast: boolean) => Promise<DeployReport>,
): Promise<RegionReport[]> {
  const done: RegionReport[] = [];
  for (const region of regions) {
    const report = await rollOut(region, region === regions.at(-1));
    done.push({ region, report });
    if (report.verdict !== "unnoticed") break;
  }
  return done;
}

/** Of one region what `npm run deploy --json` says; of several the same by region. */
export function asJson(done: readonly RegionReport[], regions: readonly Region[]): object {
  const [only] = done;
  if (regions.length === 1 && only !== undefined) return only.report;
  return { regions: done.map(({ region, report }) => ({ region: region.id, ...report })) };
}

export const exitCodeOf = (done: readonly RegionReport[], regions: readonly Region[]): ExitCode =>
  done.length === regions.length && done.every(({ report }) => report.verdict === "unnoticed")
    ? EXIT.done
    : EXIT.notAchieved;
