// More servers while people play, until each has its share of them; then fewer.

import { duringPlay, judgePlanned } from "../bots.ts";
import { atMost, type Finding, noted } from "../findings.ts";
import { BALANCE_MAX, PLANNED, PLAYERS } from "../limits.ts";
import { until } from "../patience.ts";
import type { Stage } from "../stage.ts";
import type { Scenario } from "./scenario.ts";

const BALANCE_LIMIT_MS = 90_000;
const CHANGES = 2;

export const scale: Scenario = {
  name: "scale",
  about: `${PLAYERS} players, npm run scale -- 5, then 2`,
  async run(theatre) {
    const stage = await theatre.stage();
    const { report, result } = await duringPlay(stage, PLAYERS, async () => {
      await stage.run("scale", "5");
      const balance = await balanced(stage);
      await stage.run("scale", "2");
      return balance;
    });
    await stage.run("scale", "3");
    return [...judgePlanned(report, PLAYERS, PLANNED.movesOfOnePlayer * CHANGES), ...result];
  },
};

/** Waits for the servers to share the players, as long as it may take. */
async function balanced(stage: Stage): Promise<Finding[]> {
  const startedMs = performance.now();
  let fullness = Number.NaN;
  const isFair = async () => {
    const players = (await stage.status()).map((server) => server.players);
    fullness = (Math.max(...players) * players.length) / players.reduce((sum, count) => sum + count, 0);
    return fullness <= BALANCE_MAX;
  };
  await until("the servers share the players", BALANCE_LIMIT_MS, stage.signal, isFair).catch((error: unknown) => {
    if (stage.signal.aborted) throw error; // else the finding says how far it got
  });
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return [
    atMost("fullest of five against the mean", fullness, BALANCE_MAX, "×"),
    noted("until the players were shared", tookSeconds, "s"),
  ];
}
