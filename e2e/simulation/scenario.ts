// What happens in a run, as plain data made from a seed: settings, and steps at their times.

import type { LinkState } from "../../server/cluster/memory-store.ts";
import { Random } from "./random.ts";
import type { Settings } from "./simulation.ts";

export type Step = { atMs: number } & (
  | { kind: "join" }
  | { kind: "leave" | "reload" | "lose-network"; player: number }
  | { kind: "hide" | "sleep"; player: number; forMs: number }
  | { kind: "deploy" }
  | { kind: "scale"; by: number }
  | { kind: "terminate" | "kill"; server: number }
  | { kind: "redis-down"; link: LinkState; forMs: number; isWiped: boolean }
  | { kind: "redis-slow"; delayMs: number; forMs: number }
  | { kind: "partition"; server: number; link: LinkState; forMs: number }
);

export interface Scenario {
  settings: Settings;
  /** Players who are there before the steps begin. */
  players: number;
  /** In the order of their times. */
  steps: Step[];
}

/**
 * Half of the scenarios know planned departures and players' doings only, and everything is promised in them. Some know only that Redis is
 * away or slow, which may cost nobody the connection and no room its owner. The others know everything, crashes as well.
 */
const PLANNED_SHARE = 0.5;
const OUTAGE_SHARE = 0.15;
/** Of the scenarios so many are played in an arena; few, because its worlds are large. */
const ARENA_SHARE = 0.02;

/** Steps happen within this time. */
const STEPS_MS = 7_000;
const STEPS_MAX = 6;

export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed).fork("scenario");
  const isArena = new Random(seed).fork("waters").chance(ARENA_SHARE);
  const settings: Settings = { ...settingsOf(seed, random), ...(isArena && { waters: "arena" as const }) };
  const players = random.whole(1, 4);
  const count = random.whole(1, STEPS_MAX);
  const makeStep = stepMaker(random.unit());
  const steps = Array.from({ length: count }, (): Step => {
    const atMs = Math.round(random.between(0, STEPS_MS));
    return { atMs, ...makeStep(random) } as Step;
  });
  return { settings, players, steps: steps.sort((a, b) => a.atMs - b.atMs) };
}

function stepMaker(share: number): (random: Random) => Without<Step> {
  if (share < PLANNED_SHARE) return plannedStep;
  if (share < PLANNED_SHARE + OUTAGE_SHARE) return outageStep;
  return (random) => (random.chance(0.4) ? plannedStep(random) : troubleStep(random));
}

function settingsOf(seed: number, random: Random): Settings {
  const isFar = random.chance(0.3);
  return {
    seed,
    servers: random.whole(1, 3),
    // Next to nothing on a laptop; seconds on AWS.
    propagationMs: random.chance(0.5) ? 0 : Math.round(random.between(100, 2_000)),
    deregistrationDelayMs: Math.round(random.between(10_000, 16_000)),
    stopTimeoutMs: 6_000,
    healthIntervalMs: 500,
    pollMs: 500,
    apiDelayMs: random.chance(0.5) ? 5 : 300,
    apiRefusals: random.chance(0.7) ? 0 : 0.2,
    bakeMs: random.chance(0.7) ? 0 : Math.round(random.between(1_000, 6_000)),
    bootMs: Math.round(random.between(100, 1_000)),
    redisDelayMs: random.pick([0, 0.5, 3, 20]),
    latencyMinMs: 2,
    latencyMaxMs: isFar ? 120 : 30,
    jitterMs: isFar ? 20 : 5,
  };
}

type Without<Kind> = Kind extends unknown ? Omit<Kind, "atMs"> : never;

function plannedStep(random: Random): Without<Step> {
  const player = random.whole(0, 5);
  switch (random.whole(0, 9)) {
    case 0:
    case 1:
    case 2:
      return { kind: "deploy" };
    case 3:
      if (random.chance(0.4)) return { kind: "terminate", server: random.whole(0, 5) };
      return { kind: "scale", by: random.pick([1, 2, -1]) };
    case 4:
    case 5:
      return { kind: "join" };
    case 6:
      return { kind: "hide", player, forMs: Math.round(random.between(500, 8_000)) };
    case 7:
      return { kind: "sleep", player, forMs: Math.round(random.between(200, 12_000)) };
    case 8:
      return { kind: "leave", player };
    default:
      return { kind: random.pick(["reload", "lose-network"] as const), player };
  }
}

function outageStep(random: Random): Without<Step> {
  const forMs = Math.round(random.between(100, 6_000));
  if (random.chance(0.3)) return { kind: "redis-slow", delayMs: Math.round(random.between(50, 300)), forMs };
  const link = random.pick(["refused", "silent"] as const);
  return { kind: "redis-down", link, forMs, isWiped: random.chance(0.5) };
}

function troubleStep(random: Random): Without<Step> {
  const forMs = Math.round(random.between(100, 6_000));
  const server = random.whole(0, 5);
  switch (random.whole(0, 5)) {
    case 0:
    case 1:
      return { kind: "kill", server };
    case 2:
    case 3:
      return outageStep(random);
    default: {
      const link = random.pick(["refused", "silent", "mute", "stalled"] as const);
      return { kind: "partition", server, link, forMs };
    }
  }
}
