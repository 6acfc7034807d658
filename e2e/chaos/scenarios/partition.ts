// One server alone cannot reach Redis: its rooms with players elsewhere are forked, and the fork ends when it is back.

import { Crowd } from "../crowd.ts";
import { atLeast, atMost, type Finding, noted } from "../findings.ts";
import { FORK_ENDS_MS, REDIS } from "../limits.ts";
import { until, wait } from "../patience.ts";
import { RedisProxy } from "../redis-proxy.ts";
import type { Stage } from "../stage.ts";
import { lastUpTo, longestSilenceMs, type Timeline } from "../timeline.ts";
import type { Scenario } from "./scenario.ts";

const SERVERS = 4;
const LOCALS = 24;
const VISITORS = 16;
const PLAY_MS = 4_000;
const CUT_MS = 8_000;
const OBSERVE_MS = 5_000;
const FORK_LIMIT_MS = 20_000;
const FORK_POLL_MS = 25;

export const partition: Scenario = {
  name: "partition",
  about: `${LOCALS + VISITORS} players; one of ${SERVERS} servers cannot reach Redis for ${CUT_MS / 1000} s`,
  async run(theatre) {
    const stage = await theatre.stage();
    const proxy = await RedisProxy.open(stage.stack.state().redis.url);
    const crowd = new Crowd(stage.stack.home, stage.signal);
    try {
      const id = await startBehind(proxy, stage);
      const room = await seatAround(crowd, id);
      await wait(PLAY_MS, stage.signal);
      return await cutAndHeal(stage, crowd, proxy, { id, room });
    } finally {
      crowd.close();
      await theatre.close(); // one of its servers is like no other
      await proxy.close();
    }
  },
};

/** A fourth server, whose way to Redis is in our hands. */
async function startBehind(proxy: RedisProxy, stage: Stage): Promise<string> {
  const { version, generation } = stage.stack.state().servers[0]!;
  const task = await stage.agent.start({ version, generation, environment: { REDIS_URL: proxy.url } });
  await stage.ready(SERVERS);
  return task.id;
}

/** Players on that server, and others elsewhere that visit a room of it; resolves with the room. */
async function seatAround(crowd: Crowd, id: string): Promise<string> {
  await crowd.seat(Array.from({ length: LOCALS }, () => ({ prefer: "local" as const })));
  const host = crowd.timelines.findIndex(({ heard }) => heard.at(-1)?.gateway === id && heard.at(-1)?.owner === id);
  const room = crowd.witnesses[host]?.room;
  if (room === undefined) throw new Error(`No player landed on ${id}.`);
  await crowd.seat(Array.from({ length: VISITORS }, () => ({ room })));
  return room;
}

async function cutAndHeal(
  stage: Stage,
  crowd: Crowd,
  proxy: RedisProxy,
  { id, room }: { id: string; room: string },
): Promise<Finding[]> {
  stage.say(`${id} cannot reach Redis from now on`);
  proxy.cut();
  const cutAtMs = performance.now();
  await wait(CUT_MS, stage.signal);
  const forked = await forkedRooms(stage);
  stage.say(`${id} can reach Redis again`);
  proxy.heal();
  const healedAtMs = performance.now();
  await until("the fork ends", FORK_LIMIT_MS, stage.signal, async () => (await forkedRooms(stage)) === 0, FORK_POLL_MS);
  const forkMs = performance.now() - healedAtMs;
  await wait(OBSERVE_MS, stage.signal);

  const inRoom = crowd.timelines.filter((timeline) => lastUpTo(timeline, cutAtMs)?.room === room);
  const stranded = inRoom.filter((timeline) => lastUpTo(timeline, cutAtMs)?.gateway === id);
  const newest = Math.max(...inRoom.map(({ heard }) => heard.at(-1)?.epoch ?? 0));
  const joinedMs = inRoom.map(
    ({ heard }) => (heard.find(({ epoch }) => epoch === newest)?.atMs ?? Infinity) - healedAtMs,
  );
  const silence = (who: readonly Timeline[], fromMs: number, untilMs: number) =>
    Math.max(0, ...who.map((timeline) => longestSilenceMs(timeline, fromMs, untilMs)));
  return [
    atLeast("rooms that were forked", forked, 1),
    atMost("one owner again after", forkMs, FORK_ENDS_MS, "ms"),
    atMost("everybody in its epoch after", Math.max(...joinedMs), FORK_ENDS_MS, "ms"),
    atMost("disconnects", crowd.disconnects, REDIS.disconnects),
    atMost("players who do not play", crowd.notPlaying, 0),
    atLeast("players on the server that was cut off", stranded.length, 1),
    atMost("their longest gap while it was", silence(stranded, cutAtMs, healedAtMs), REDIS.localGapMaxMs, "ms"),
    noted("their longest gap at its return", silence(stranded, healedAtMs, healedAtMs + OBSERVE_MS), "ms"),
    noted(
      "longest gap of its visitors",
      silence(
        inRoom.filter((one) => !stranded.includes(one)),
        cutAtMs,
        healedAtMs,
      ),
      "ms",
    ),
  ];
}

/** How many rooms two servers say are theirs. */
async function forkedRooms(stage: Stage): Promise<number> {
  const codes = (await stage.status()).flatMap(({ rooms }) => rooms.map(({ code }) => code));
  return codes.length - new Set(codes).size;
}
