// What all players felt, added up: the JSON object that scripts read, and the lines that people read.

import { quantiles } from "../netcode/samples.ts";
import { type BotOutcome, expectedSnapshots } from "./bot.ts";

export interface BotsReport {
  players: number;
  seconds: number;
  /** Per player, as are the bytes. */
  snapshotsPerSecond: number;
  gapMs: { p50: number; p99: number; max: number };
  /** How long those who heard nothing for a while, or lost their link, went without a snapshot; `count` is of outages, not of players. */
  recoveryMs: { count: number; p50: number; p95: number; max: number };
  /** Who had the largest gap. */
  worstPlayer?: { name: string; gapMs: number; disconnects: number; moves: number; gateway?: string };
  inputs: { sent: number; acked: number; lost: number; doubled: number };
  disconnects: number;
  moves: number;
  movesPerPlayerMax: number;
  /** Players who were moved at all, and those who were moved again. */
  moved: number;
  movedMoreThanOnce: number;
  bytesPerSecond: { down: number; up: number };
  /** Players by the gateway that they were on at the end. */
  servers: Record<string, number>;
  /** The same by that gateway's version. */
  versions: Record<string, number>;
  /** Players whose gateway was not their room's owner at the end. */
  remote: number;
}

/** Share of the expected snapshots below which a player could not play. */
const PLAYABLE_SHARE = 0.5;

export function couldPlay(outcome: BotOutcome): boolean {
  return outcome.wasSeated && outcome.snapshots >= expectedSnapshots(outcome.seconds) * PLAYABLE_SHARE;
}

export function reportOf(outcomes: readonly BotOutcome[]): BotsReport {
  const gapsMs = outcomes.flatMap((outcome) => outcome.gapsMs);
  const recoveriesMs = outcomes.flatMap((outcome) => outcome.recoveriesMs);
  const [gapP50 = 0, gapP99 = 0] = quantiles(gapsMs, [0.5, 0.99]);
  const [recoveryP50 = 0, recoveryP95 = 0] = quantiles(recoveriesMs, [0.5, 0.95]);
  const worst = worstOf(outcomes);
  const seconds = mean(outcomes.map((outcome) => outcome.seconds));
  return {
    players: outcomes.filter(couldPlay).length,
    seconds: round(seconds, 1),
    snapshotsPerSecond: round(mean(outcomes.map((outcome) => rate(outcome.snapshots, outcome))), 2),
    gapMs: {
      p50: round(gapP50, 1),
      p99: round(gapP99, 1),
      max: round(largest(gapsMs), 1),
    },
    recoveryMs: {
      count: recoveriesMs.length,
      p50: round(recoveryP50, 1),
      p95: round(recoveryP95, 1),
      max: round(largest(recoveriesMs), 1),
    },
    ...(worst === undefined ? {} : { worstPlayer: worst }),
    inputs: {
      sent: sum(outcomes.map(({ inputs }) => inputs.sent)),
      acked: sum(outcomes.map(({ inputs }) => inputs.acked)),
      lost: sum(outcomes.map(({ inputs }) => inputs.lost)),
      doubled: sum(outcomes.map(({ inputs }) => inputs.doubled)),
    },
    disconnects: sum(outcomes.map(({ disconnects }) => disconnects)),
    moves: sum(outcomes.map(({ moves }) => moves)),
    movesPerPlayerMax: Math.max(0, ...outcomes.map(({ moves }) => moves)),
    moved: outcomes.filter(({ moves }) => moves > 0).length,
    movedMoreThanOnce: outcomes.filter(({ moves }) => moves > 1).length,
    bytesPerSecond: {
      down: Math.round(mean(outcomes.map((outcome) => rate(outcome.bytesDown, outcome)))),
      up: Math.round(mean(outcomes.map((outcome) => rate(outcome.bytesUp, outcome)))),
    },
    servers: countOf(outcomes.map(({ gateway }) => gateway)),
    versions: countOf(outcomes.map(({ version }) => version)),
    remote: outcomes.filter(({ gateway, owner }) => gateway !== owner).length,
  };
}

/** The same for people. */
export function tableOf(report: BotsReport): string {
  const { gapMs, inputs, bytesPerSecond, recoveryMs, worstPlayer } = report;
  const servers = Object.entries(report.servers).map(([id, players]) => `${id}: ${players}`);
  const rows: [string, string][] = [
    ["players", `${report.players} for ${report.seconds} s`],
    ["on servers", `${servers.join(", ")} (${report.remote} away from their room's owner)`],
    ["snapshots", `${report.snapshotsPerSecond} a second`],
    ["gaps", `p50 ${gapMs.p50} ms, p99 ${gapMs.p99} ms, max ${gapMs.max} ms`],
    ["worst player", worstPlayer ? `${worstPlayer.name}: ${worstPlayer.gapMs} ms` : "none"],
    ["outages", `${recoveryMs.count}: p50 ${recoveryMs.p50} ms, p95 ${recoveryMs.p95} ms, max ${recoveryMs.max} ms`],
    ["inputs", `${inputs.sent} sent, ${inputs.acked} taken, ${inputs.lost} lost, ${inputs.doubled} doubled`],
    ["disconnects", `${report.disconnects}`],
    ["moves", `${report.moves}, at most ${report.movesPerPlayerMax} of one player`],
    ["bytes a second", `${bytesPerSecond.down} down, ${bytesPerSecond.up} up`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join("\n");
}

function worstOf(outcomes: readonly BotOutcome[]): BotsReport["worstPlayer"] {
  const [worst] = outcomes
    .map((outcome) => ({ outcome, gapMs: largest(outcome.gapsMs) }))
    .sort((a, b) => b.gapMs - a.gapMs);
  if (worst === undefined || worst.gapMs === 0) return undefined;
  const { name, disconnects, moves, gateway } = worst.outcome;
  return { name, gapMs: round(worst.gapMs, 1), disconnects, moves, ...(gateway === undefined ? {} : { gateway }) };
}

/** How often each name is there, in the order of the names. */
function countOf(names: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

function rate(count: number, outcome: BotOutcome): number {
  return outcome.seconds > 0 ? count / outcome.seconds : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
