// Many bots at once: seats them one after the other, lets them play together, waits for their last inputs, sends them home.

import type { JoinRequest } from "../../game/protocol/index.ts";
import { TICK_RATE } from "../../game/sim/index.ts";
import type { Clock } from "../net/clock.ts";
import type { Dial } from "../net/wire.ts";
import { Bot, type BotOutcome } from "./bot.ts";
import type { BotsOptions } from "./options.ts";
import { sharedAreaDecode, sharedDecode } from "./shared-decode.ts";

/** Mean time between two handshakes; each is put off by up to twice of it. */
const STAGGER_MS = 30;
/** Longest wait for seats after the last handshake began. */
const SEAT_WAIT_MS = 20_000;
/** Longest wait for the last inputs' acknowledgement. */
const SETTLE_WAIT_MS = 5_000;
/** With `version`: so many dials until a player gives up looking for a server of it. */
export const DIALS_MAX = 40;
/** With `spread`: so many until a player who found no room on another server stays where he is. */
export const SPREAD_DIALS_MAX = 10;
/** Time between two of those: servers tell each other of new rooms a few times a second. */
const SPREAD_AGAIN_MS = 250;
/** Gaps of one player in a report on the way: all of a long run, sorted once a second, would be a gap by themselves. */
const REPORTED_GAPS = 60 * TICK_RATE;
const POLL_MS = 50;
const PROGRESS_MS = 5_000;

export interface FleetOptions
  extends Pick<BotsOptions, "count" | "seconds" | "room" | "spread" | "version" | "reportEvery">,
    Partial<Pick<BotsOptions, "arena">> {
  dial: Dial;
  clock: Clock;
  random: () => number;
  /** Takes lines for people. */
  progress: (line: string) => void;
  /** With `reportEvery`: takes what everybody has felt so far; of the gaps, those of the last minute. */
  report?: (outcomes: BotOutcome[]) => void;
  /** Ends it early. */
  signal: AbortSignal;
}

/** Resolves to what each player felt. */
export async function runFleet(options: FleetOptions): Promise<BotOutcome[]> {
  const { clock, progress, seconds, signal } = options;
  const bots = await seatAll(options);
  const seated = bots.filter((bot) => hasSeat(bot, options)).length;
  progress(`${seated} of ${options.count} players are seated and play for ${seconds} s`);

  for (const bot of bots) bot.begin(hasSeat(bot, options));
  const startMs = clock.now();
  const reportEveryMs = (options.reportEvery ?? Number.POSITIVE_INFINITY) * 1000;
  let progressAtMs = startMs + PROGRESS_MS;
  let reportAtMs = startMs + reportEveryMs;
  while (clock.now() - startMs < seconds * 1000 && !signal.aborted) {
    if (clock.now() >= progressAtMs) {
      progress(`${Math.round((clock.now() - startMs) / 1000)} of ${seconds} s played`);
      progressAtMs += PROGRESS_MS;
    }
    if (clock.now() >= reportAtMs) {
      options.report?.(bots.map((bot) => bot.outcome(REPORTED_GAPS)));
      reportAtMs += reportEveryMs;
    }
    await wait(clock, Math.min(POLL_MS, startMs + seconds * 1000 - clock.now()));
  }
  for (const bot of bots) bot.finish();
  // Also after an interruption: inputs that are still under way are neither taken nor lost.
  await until(clock, SETTLE_WAIT_MS, () => bots.every((bot) => bot.isSettled));
  const outcomes = bots.map((bot) => bot.outcome());
  for (const bot of bots) bot.leave();
  return outcomes;
}

async function seatAll(options: FleetOptions): Promise<Bot[]> {
  const { clock, count, progress, random, signal } = options;
  const bots: Bot[] = [];
  const decoders = { decode: sharedDecode(), decodeArea: sharedAreaDecode() };
  const open = (index: number): Bot => {
    const bot = new Bot({ ...options, ...decoders, request: requestOf(options, index) });
    bot.open();
    return bot;
  };
  let progressAtMs = clock.now() + PROGRESS_MS;
  for (let index = 0; index < count && !signal.aborted; index++) {
    bots.push(open(index));
    await wait(clock, random() * 2 * STAGGER_MS);
    if (clock.now() < progressAtMs) continue;
    progress(`${bots.filter((other) => other.isSeated).length} of ${count} players are seated`);
    progressAtMs += PROGRESS_MS;
  }
  const redial = redialler(options, bots, open);
  await until(clock, SEAT_WAIT_MS, () => {
    const areLooking = !signal.aborted && redial();
    return signal.aborted || (!areLooking && bots.every((bot) => bot.isSeated || bot.isClosed));
  });
  return bots;
}

/** Whether it has a seat, on a server of the version that it wants. */
const hasSeat = (bot: Bot, { version }: FleetOptions): boolean =>
  bot.isSeated && (version === undefined || bot.version === version);

/** Whether it is also on the side of the spread where it is meant to be. */
const isPlaced = (bot: Bot, index: number, options: FleetOptions): boolean =>
  hasSeat(bot, options) && (bot.isRemote || !isFar(index, options));

/**
 * Sends whoever does not sit where he is meant to home, and somebody else in his place: the load balancer chooses anew. Answers whether
 * somebody is still looking.
 */
function redialler(options: FleetOptions, bots: Bot[], open: (index: number) => Bot): () => boolean {
  const dials = bots.map(() => 1);
  const [dialsMax, pauseMs] = options.spread ? [SPREAD_DIALS_MAX, SPREAD_AGAIN_MS] : [DIALS_MAX, 0];
  const isStray = (bot: Bot, index: number) =>
    bot.isSeated && !isPlaced(bot, index, options) && dials[index]! < dialsMax;
  return () => {
    for (const [index, bot] of bots.entries()) {
      if (!isStray(bot, index) || bot.version === undefined || bot.seatedForMs < pauseMs) continue;
      dials[index]! += 1;
      bot.leave();
      bots[index] = open(index);
    }
    return bots.some(isStray);
  };
}

/** With `spread`, the second half wants rooms of other servers. */
function isFar(index: number, { count, spread, room, version }: FleetOptions): boolean {
  return spread && room === undefined && version === undefined && index >= Math.ceil(count / 2);
}

/** Who wants a version wants its rooms as well: quick play would send the first few into the company of others. */
function requestOf(options: FleetOptions, index: number): JoinRequest {
  const name = `Bot ${index + 1}`;
  if (options.room !== undefined) return { name, room: options.room };
  const wish: JoinRequest = options.arena ? { name, waters: "arena" } : { name };
  if (options.version !== undefined) return { ...wish, prefer: "local" };
  return isFar(index, options) ? { ...wish, prefer: "remote" } : wish;
}

async function until(clock: Clock, limitMs: number, isDone: () => boolean): Promise<void> {
  const untilMs = clock.now() + limitMs;
  while (!isDone() && clock.now() < untilMs) await wait(clock, POLL_MS);
}

function wait(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
