// What was felt, as figures, as tables for people, and held against the targets. Pure.

import type { NetConditions } from "../../client/net/conditioner.ts";
import { quantile } from "../../client/netcode/samples.ts";
import { TICK_MS } from "../../game/sim/index.ts";
import { formatTable } from "../../infra/stack/table.ts";
import { atMost, type Target } from "../common/targets.ts";
import type { Cause } from "./player.ts";
import type { Felt } from "./run.ts";
import { MISSED_PX, STRUCK_PX } from "./shots.ts";

/** Corrections from here on can be seen by who looks for them, and by everybody, pixels. */
const NOTICEABLE_PX = 1;
const PLAIN_PX = 4;
const CAUSES: readonly Cause[] = ["ram", "sinking", "late input", "other"];

export interface Figures {
  network: NetConditions;
  /** What is turned off; empty for the game as it is. */
  off: string;
  correctionPx: { p50: number; p99: number; max: number };
  /** The same for ticks in which nobody ran into the own boat or sank it. */
  calmCorrectionPx: { p99: number; max: number };
  noticeablePerSecond: number;
  plainPerSecond: number;
  /** Of the noticeable ones, how many have which cause. */
  causes: Record<Cause, number>;
  answerFrames: number;
  behindMs: number;
  lagTicks: number;
  leadMs: number;
  guessedShare: number;
  guessErrorPx: { p50: number; p99: number };
  lateShare: number;
  ownLeapMaxPx: number;
  otherLeapsPerMinute: number;
  shots: { fired: number; struck: number; struckAndHit: number; hits: number; hitsThatMissed: number };
}

export function figuresOf(network: NetConditions, off: string, felt: Felt, answerFrames: number): Figures {
  const px = felt.corrections.map((correction) => correction.px);
  const calm = felt.corrections.filter(({ cause }) => cause !== "ram" && cause !== "sinking").map(({ px }) => px);
  const noticeable = felt.corrections.filter(({ px }) => px > NOTICEABLE_PX);
  const causes = CAUSES.map((cause) => [cause, noticeable.filter((one) => one.cause === cause).length]);
  return {
    network,
    off,
    correctionPx: { p50: quantile(px, 0.5), p99: quantile(px, 0.99), max: quantile(px, 1) },
    calmCorrectionPx: { p99: quantile(calm, 0.99), max: quantile(calm, 1) },
    noticeablePerSecond: noticeable.length / felt.playerSeconds,
    plainPerSecond: px.filter((one) => one > PLAIN_PX).length / felt.playerSeconds,
    causes: Object.fromEntries(causes) as Record<Cause, number>,
    answerFrames,
    behindMs: quantile(felt.delaysMs, 0.5),
    lagTicks: quantile(felt.lagTicks, 0.5),
    leadMs: quantile(felt.leadTicks, 0.5) * TICK_MS,
    guessedShare: felt.guessedShare,
    guessErrorPx: { p50: quantile(felt.guessErrorsPx, 0.5), p99: quantile(felt.guessErrorsPx, 0.99) },
    lateShare: felt.marginsTicks.filter((margin) => margin < 0).length / Math.max(1, felt.marginsTicks.length),
    ownLeapMaxPx: felt.ownLeapMaxPx,
    otherLeapsPerMinute: felt.otherLeapsPerSecond * 60,
    shots: shotsOf(felt),
  };
}

/** Those that the server never spoke of are left out: nobody can say what came of them. */
function shotsOf({ shots }: Felt): Figures["shots"] {
  const told = shots.filter((shot) => shot.wasHit !== undefined);
  const struck = told.filter((shot) => shot.nearestPx <= STRUCK_PX);
  const hits = told.filter((shot) => shot.wasHit);
  return {
    fired: told.length,
    struck: struck.length,
    struckAndHit: struck.filter((shot) => shot.wasHit).length,
    hits: hits.length,
    hitsThatMissed: hits.filter((shot) => shot.nearestPx > MISSED_PX).length,
  };
}

export function tableOf(rows: readonly Figures[]): string {
  const heads = [
    ...["network", "off", "correction px p99 / max", "> 1 px, > 4 px a s", "answer", "lead", "others behind"],
    ...["guessed (px p50 / p99)", "late", "leaps: own max, others' a min", "struck that hit", "hits unseen"],
  ];
  return formatTable(heads, rows.map(rowOf));
}

function rowOf(row: Figures): string[] {
  const { correctionPx, guessErrorPx, shots } = row;
  return [
    nameOf(row.network),
    row.off,
    `${correctionPx.p99.toFixed(1)} / ${correctionPx.max.toFixed(0)}`,
    `${row.noticeablePerSecond.toFixed(2)}, ${row.plainPerSecond.toFixed(2)}`,
    row.answerFrames === 0 ? "same frame" : `${row.answerFrames} frames`,
    `${row.leadMs.toFixed(0)} ms`,
    `${row.behindMs.toFixed(0)} ms`,
    row.guessedShare === 0
      ? "0 %"
      : `${percent(row.guessedShare)} (${guessErrorPx.p50.toFixed(1)} / ${guessErrorPx.p99.toFixed(1)})`,
    percent(row.lateShare),
    `${row.ownLeapMaxPx.toFixed(0)} px, ${row.otherLeapsPerMinute.toFixed(1)}`,
    `${percent(shots.struckAndHit / shots.struck)} of ${shots.struck}`,
    `${percent(shots.hitsThatMissed / shots.hits)} of ${shots.hits}`,
  ];
}

/** Where the corrections that can be noticed come from, of all rows together. */
export function causesOf(rows: readonly Figures[]): string {
  const counts = CAUSES.map((cause) => ({ cause, count: rows.reduce((sum, row) => sum + row.causes[cause], 0) }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const parts = counts.map(({ cause, count }) => `${cause} ${percent(total === 0 ? 0 : count / total)}`);
  return `Corrections over ${NOTICEABLE_PX} px come from: ${parts.join(", ")}.`;
}

export function targetsOf(rows: readonly Figures[]): Target[] {
  const row = rows.find(({ network, off }) => network.rttMs === 150 && network.jitterMs === 20 && off === "");
  if (!row) return [];
  const answer = Math.max(...rows.filter(({ off }) => off === "").map(({ answerFrames }) => answerFrames));
  const missed = 1 - row.shots.struckAndHit / row.shots.struck;
  return [
    atMost("feel: frames until the own boat answers, any network", limit(answer, 0, "frames", 0)),
    atMost("feel: corrections at 150 ± 20 ms, p99", limit(row.correctionPx.p99, 1, "px", 2)),
    atMost("feel: shots that struck on the screen and missed, 150 ± 20 ms", limit(missed * 100, 5, "%", 1)),
    atMost("feel: inputs that came late, 150 ± 20 ms", limit(row.lateShare * 100, 1, "%", 2)),
  ];
}

const limit = (value: number, most: number, unit: string, digits: number) => ({ value, atMost: most, unit, digits });

export const nameOf = ({ rttMs, jitterMs, heavyTail, lossShare = 0 }: NetConditions): string =>
  `${rttMs} ± ${jitterMs} ms${heavyTail ? ", heavy tail" : ""}${lossShare > 0 ? `, ${percent(lossShare)} lost` : ""}`;

const percent = (share: number): string => (Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : "–");
