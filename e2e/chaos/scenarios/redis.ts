// kill -9 of Redis; it comes back at the same address, empty, after five seconds.

import { connect } from "node:net";
import { Crowd } from "../crowd.ts";
import { atLeast, atMost, type Finding, noted } from "../findings.ts";
import { earnScores, judgeHall } from "../hall-of-fame.ts";
import { PLAYERS, REDIS } from "../limits.ts";
import { until, wait } from "../patience.ts";
import { backAfterMs, hasNewOwner, isLocal, longestSilenceMs, type Timeline } from "../timeline.ts";
import type { Scenario } from "./scenario.ts";

const AWAY_MS = 5_000;
const PLAY_MS = 8_000;
const OBSERVE_MS = 8_000;
const BACK_LIMIT_MS = 30_000;
const BACK_POLL_MS = 10;
/** Each kind of players must be there, or nothing is proven about it. */
const PLAYERS_MIN = 10;

export const redis: Scenario = {
  name: "redis",
  about: `${PLAYERS} players, half of them away from their room's owner; kill -9 of Redis, back empty after ${AWAY_MS / 1000} s`,
  async run(theatre) {
    const stage = await theatre.stage({ REDIS_RESTART_DELAY_MS: `${AWAY_MS}` });
    const crowd = new Crowd(stage.stack.home, stage.signal);
    try {
      const hall = await earnScores(stage, crowd);
      await crowd.seatHalves(PLAYERS);
      await wait(PLAY_MS, stage.signal);
      const { pid, url } = stage.stack.state().redis;
      stage.say(`kill -9 ${pid} (Redis)`);
      process.kill(pid, "SIGKILL");
      const diedAtMs = performance.now();
      await wait(AWAY_MS / 2, stage.signal);
      await until("Redis is back", BACK_LIMIT_MS, stage.signal, () => listens(new URL(url)), BACK_POLL_MS);
      const backAtMs = performance.now();
      await wait(OBSERVE_MS, stage.signal);
      return [
        noted("Redis was away", backAtMs - diedAtMs, "ms"),
        atMost("disconnects", crowd.disconnects, REDIS.disconnects),
        atMost("players who do not play", crowd.notPlaying, 0),
        ...judgeStreams(crowd.timelines, diedAtMs, backAtMs, backAtMs + OBSERVE_MS),
        await judgeHall(stage, hall),
      ];
    } finally {
      crowd.close();
    }
  },
};

function judgeStreams(timelines: readonly Timeline[], diedAtMs: number, backAtMs: number, endMs: number): Finding[] {
  const locals = timelines.filter((one) => isLocal(one, diedAtMs));
  const remotes = timelines.filter((one) => !isLocal(one, diedAtMs));
  const moved = timelines.filter((one) => hasNewOwner(one, diedAtMs, endMs));
  return [
    atLeast("players on their room's owner", locals.length, PLAYERS_MIN),
    atMost(
      "their longest gap",
      Math.max(...locals.map((one) => longestSilenceMs(one, diedAtMs, endMs))),
      REDIS.localGapMaxMs,
      "ms",
    ),
    atLeast("players away from it", remotes.length, PLAYERS_MIN),
    atMost(
      "they go on after its return within",
      Math.max(...remotes.map((one) => backAfterMs(one, backAtMs))),
      REDIS.remoteBackMs,
      "ms",
    ),
    atMost("players whose room changed its owner", moved.length, REDIS.roomsMoved),
  ];
}

function listens(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false)); // not yet
  });
}
