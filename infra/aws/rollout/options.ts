// What `npm run aws -- rollout` and `status` can be told; no package of AWS's is needed to read it.
import type { Command } from "commander";
import { JSON_FLAG, type ReleaseOptions, withRelease } from "../../deploy/options.ts";

export interface RolloutFlags extends ReleaseOptions {
  /** As people say it, such as eu,us; every one that is deployed when absent. */
  readonly region?: string;
  readonly undoUnfinished?: boolean;
  readonly json?: boolean;
}

export interface StatusFlags {
  readonly region?: string;
  readonly json?: boolean;
}

export interface RolloutActions {
  rollout(flags: RolloutFlags): Promise<number>;
  status(flags: StatusFlags): Promise<number>;
}

/** Mounts both on `program`; `choose` is told what to do, after parsing. */
export function addRollout(
  program: Command,
  actions: RolloutActions,
  choose: (run: () => Promise<number>) => void,
): void {
  const regionFlag = "--region <list>";
  withRelease(program.command("rollout").description("replaces the servers by a new version while people play"))
    .option(regionFlag, "only there, such as eu,us; else in all regions, one after the other")
    .option("--undo-unfinished", "first takes back a deployment that is under way")
    .option("--json", JSON_FLAG)
    .action((flags: RolloutFlags) => choose(() => actions.rollout(flags)));
  program
    .command("status")
    .description("shows what runs")
    .option(regionFlag, "only there; else in all regions")
    .option("--json", JSON_FLAG)
    .action((flags: StatusFlags) => choose(() => actions.status(flags)));
}
