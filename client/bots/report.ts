// What all players felt, added up: the JSON object that scripts read, and the lines that people read.

import { quantile } from "../netcode/samples.ts";
import { type BotOutcome, expectedSnapshots } from "./bot.ts";

export interface BotsReport {
  players: number;
  seconds: number;
  /** Per player, as are the bytes. */
  snapshotsPerSecond: number;
  gapMs: { p50: number; p99: number; max: number };
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
  const servers: Record<string, number> = {};
  for (const { gateway } of outcomes) if (gateway !== undefined) servers[gateway] = (servers[gateway] ?? 0) + 1;
  const seconds = mean(outcomes.map((outcome) => outcome.seconds));
  return {
    players: outcomes.filter(couldPlay).length,
    seconds: round(seconds, 1),
    snapshotsPerSecond: round(mean(outcomes.map((outcome) => rate(outcome.snapshots, outcome))), 2),
    gapMs: {
      p50: round(quantile(gapsMs, 0.5), 1),
      p99: round(quantile(gapsMs, 0.99), 1),
      max: round(
        gapsMs.reduce((max, gapMs) => Math.max(max, gapMs), 0),
        1,
      ),
    },
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
    servers: Object.fromEntries(Object.entries(servers).sort(([a], [b]) => a.localeCompare(b))),
    remote: outcomes.filter(({ gateway, owner }) => gateway !== owner).length,
  };
}

/** The same for people. */
export function tableOf(report: BotsReport): string {
  const { gapMs, inputs, bytesPerSecond } = report;
  const servers = Object.entries(report.servers).map(([id, players]) => `${id}: ${players}`);
  const rows: [string, string][] = [
    ["players", `${report.players} for ${report.seconds} s`],
    ["on servers", `${servers.join(", ")} (${report.remote} away from their room's owner)`],
    ["snapshots", `${report.snapshotsPerSecond} a second`],
    ["gaps", `p50 ${gapMs.p50} ms, p99 ${gapMs.p99} ms, max ${gapMs.max} ms`],
    ["inputs", `${inputs.sent} sent, ${inputs.acked} taken, ${inputs.lost} lost, ${inputs.doubled} doubled`],
    ["disconnects", `${report.disconnects}`],
    ["moves", `${report.moves}, at most ${report.movesPerPlayerMax} of one player`],
    ["bytes a second", `${bytesPerSecond.down} down, ${bytesPerSecond.up} up`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join("\n");
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
