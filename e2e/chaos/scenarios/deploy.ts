// A new version while people play, rolling or blue/green.

import { duringPlay, judgePlanned } from "../bots.ts";
import { atMost, exactly, noted } from "../findings.ts";
import { PLANNED, PLAYERS } from "../limits.ts";
import type { Scenario } from "./scenario.ts";

/** What it looks at of the answer of `npm run deploy -- --json`. */
interface DeployReport {
  verdict: string;
  /** Why it was noticed or rolled back. */
  reason: string | null;
  seconds: number;
}

export const deployRolling = deploy("rolling");
export const deployBlueGreen = deploy("blue-green");

function deploy(strategy: "rolling" | "blue-green"): Scenario {
  return {
    name: `deploy-${strategy}`,
    about: `${PLAYERS} players, npm run deploy -- --strategy ${strategy}`,
    async run(theatre) {
      const stage = await theatre.stage();
      const old = stage.stack.state().servers;
      const version = `v${Math.max(...old.map(({ generation }) => generation)) + 1}`;
      const { report, result } = await duringPlay(
        stage,
        PLAYERS,
        () => stage.start("deploy", "--version", version, "--strategy", strategy).ended,
      );
      const { verdict, reason, seconds } = (result.json ?? {}) as Partial<DeployReport>;
      if (reason) stage.say(`  ${reason}`);
      const leftBehind = old.reduce((sum, { id }) => sum + (report.servers[id] ?? 0), 0);
      return [
        exactly("verdict", verdict ?? `none, exit code ${result.code}`, "unnoticed"),
        ...judgePlanned(report, PLAYERS, PLANNED.movesOfOnePlayer),
        atMost("players still on old servers", leftBehind, 0),
        noted("the deploy took", seconds ?? Number.NaN, "s"),
      ];
    },
  };
}
