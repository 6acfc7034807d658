// Every command takes Redis half a second more.

import { join } from "node:path";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../../infra/provision/embedded-redis.ts";
import { provisionRedisProgram } from "../../../infra/provision/redis.ts";
import { describeHome } from "../../../infra/stack/home.ts";
import { Crowd } from "../crowd.ts";
import { atMost, type Finding, noted } from "../findings.ts";
import { PLANNED, PLAYERS, REDIS, SLOW_REDIS_MS } from "../limits.ts";
import { wait } from "../patience.ts";
import { RedisProxy } from "../redis-proxy.ts";
import type { Stage } from "../stage.ts";
import type { Theatre } from "../theatre.ts";
import { hasNewOwner, isLocal, longestSilenceMs, type Timeline } from "../timeline.ts";
import type { Scenario } from "./scenario.ts";

const PLAY_MS = 6_000;
const SLOW_MS = 10_000;
const AFTER_MS = 4_000;

export const redisSlow: Scenario = {
  name: "redis-slow",
  about: `${PLAYERS} players, half of them away from their room's owner; for ${SLOW_MS / 1000} s Redis answers ${SLOW_REDIS_MS} ms late`,
  async run(theatre) {
    const own = await startRedis(theatre);
    const proxy = await RedisProxy.open(own.url);
    try {
      return await play(await theatre.stage({ REDIS_URL: proxy.url }), proxy);
    } finally {
      await theatre.close();
      await proxy.close();
      await own.end();
    }
  },
};

/** Not the stack's own, so that every server reaches it through the proxy. */
async function startRedis(theatre: Theatre): Promise<EmbeddedRedis> {
  const home = describeHome(theatre.home);
  const program = await provisionRedisProgram((line) => theatre.say(line));
  const directory = join(home.path, "slow-redis");
  return startEmbeddedRedis({ program, directory, logFile: join(directory, "redis.log") });
}

async function play(stage: Stage, proxy: RedisProxy): Promise<Finding[]> {
  const crowd = new Crowd(stage.stack.home, stage.signal);
  try {
    await crowd.seatHalves(PLAYERS);
    await wait(PLAY_MS, stage.signal);
    stage.say(`Redis is ${SLOW_REDIS_MS} ms late from now on`);
    proxy.setDelay(SLOW_REDIS_MS);
    const fromMs = performance.now();
    const { timelines } = crowd;
    const joinedMs = await newcomer(crowd);
    await wait(Math.max(0, fromMs + SLOW_MS - performance.now()), stage.signal);
    proxy.setDelay(0);
    await wait(AFTER_MS, stage.signal);
    return [
      atMost("disconnects", crowd.disconnects, REDIS.disconnects),
      atMost("players who do not play", crowd.notPlaying, 0),
      ...judgeStreams(timelines, fromMs, performance.now()),
      noted("a newcomer plays after", joinedMs, "ms"),
    ];
  } finally {
    crowd.close();
  }
}

async function newcomer(crowd: Crowd): Promise<number> {
  const startedMs = performance.now();
  await crowd.seat([{}]);
  return performance.now() - startedMs;
}

function judgeStreams(timelines: readonly Timeline[], fromMs: number, endMs: number): Finding[] {
  const longest = (who: readonly Timeline[]) => Math.max(...who.map((one) => longestSilenceMs(one, fromMs, endMs)));
  const moved = timelines.filter((one) => hasNewOwner(one, fromMs, endMs));
  return [
    atMost(
      "longest gap on the room's owner",
      longest(timelines.filter((one) => isLocal(one, fromMs))),
      REDIS.localGapMaxMs,
      "ms",
    ),
    atMost(
      "longest gap away from it",
      longest(timelines.filter((one) => !isLocal(one, fromMs))),
      SLOW_REDIS_MS + PLANNED.gapMaxMs,
      "ms",
    ),
    atMost("players whose room changed its owner", moved.length, REDIS.roomsMoved),
  ];
}
