// kill -9 of the server with the most players.

import { quantile } from "../../../client/netcode/samples.ts";
import { TICK_MS } from "../../../game/sim/index.ts";
import { Crowd } from "../crowd.ts";
import { atLeast, atMost, noted } from "../findings.ts";
import { earnScores, judgeHall } from "../hall-of-fame.ts";
import { CRASH, KILL_CROWD, KILLED_PLAYERS_MIN } from "../limits.ts";
import { until, wait } from "../patience.ts";
import type { Stage } from "../stage.ts";
import { readTakeovers } from "../takeovers.ts";
import { hasLostPoints, lastUpTo, longestSilenceMs, type Timeline, ticksLost } from "../timeline.ts";
import type { Scenario } from "./scenario.ts";

const PLAY_MS = 8_000;
const OBSERVE_MS = 10_000;
const DEATH_LIMIT_MS = 15_000;
const DEATH_POLL_MS = 2;
/** Points that are younger than this may be lost. */
const GRACE_MS = 1_000;

export const kill: Scenario = {
  name: "kill",
  about: `${KILL_CROWD} players, npm run kill -- ID of the fullest of three servers`,
  async run(theatre) {
    const stage = await theatre.stage();
    const crowd = new Crowd(stage.stack.home, stage.signal);
    try {
      const hall = await earnScores(stage, crowd);
      await crowd.seat(Array.from({ length: KILL_CROWD }, () => ({})));
      await wait(PLAY_MS, stage.signal);
      const { id, diedAtMs } = await killFullest(stage);
      await wait(OBSERVE_MS, stage.signal);

      const isStruck = (timeline: Timeline) => {
        const last = lastUpTo(timeline, diedAtMs);
        return last?.gateway === id || last?.owner === id;
      };
      const { timelines } = crowd;
      const struck = timelines.filter(isStruck);
      const orphans = struck.filter((timeline) => lastUpTo(timeline, diedAtMs)?.owner === id);
      const takeovers = readTakeovers(stage.stack.home);
      const others = timelines.filter((timeline) => !isStruck(timeline));
      const silences = (who: readonly Timeline[]) =>
        who.map((timeline) => longestSilenceMs(timeline, diedAtMs, diedAtMs + OBSERVE_MS));
      const again = silences(struck);
      return [
        atLeast("players it struck", struck.length, KILLED_PLAYERS_MIN),
        atMost("playing again, p95", quantile(again, 0.95), CRASH.playingAgainP95Ms, "ms"),
        noted("playing again, median", quantile(again, 0.5), "ms"),
        noted("playing again, last", Math.max(...again), "ms"),
        atMost("players who did not come back", crowd.notPlaying, 0),
        atMost("play lost", ticksLost(orphans, diedAtMs, takeovers) * TICK_MS, CRASH.stateLossMs, "ms"),
        atMost(
          "players who lost points older than a second",
          struck.filter((timeline) => hasLostPoints(timeline, diedAtMs, GRACE_MS)).length,
          CRASH.scoresLost,
        ),
        await judgeHall(stage, hall),
        noted("gap max of everybody else", Math.max(0, ...silences(others)), "ms"),
      ];
    } finally {
      crowd.close();
    }
  },
};

async function killFullest(stage: Stage): Promise<{ id: string; diedAtMs: number }> {
  const fullest = (await stage.status()).toSorted((a, b) => b.players - a.players)[0];
  const server = stage.stack.state().servers.find(({ id }) => id === fullest?.id);
  if (!server) throw new Error("No server answers.");
  let diedAtMs = Number.NaN;
  const death = until("it is dead", DEATH_LIMIT_MS, stage.signal, () => !isAlive(server.pid), DEATH_POLL_MS);
  await Promise.all([
    stage.run("kill", server.id),
    death.then(() => {
      diedAtMs = performance.now();
    }),
  ]);
  return { id: server.id, diedAtMs };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}
