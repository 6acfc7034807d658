// What the canaries felt, and whether it is too much. Pure. They are ordinary players of `npm run bots`: what is read
// here is their report.
import { z } from "zod";
import { type FeltLimits, MACHINE_FACTOR } from "./limits.ts";

const count = z.number().min(0);

/** The part of the bots' report that a deploy is judged by; the rest of it is left aside. */
export const feltSchema = z.object({
  /** Those that have a seat and get their snapshots. */
  players: count,
  gapMs: z.object({ p50: count, p99: count, max: count }),
  inputs: z.object({ lost: count, doubled: count }),
  disconnects: count,
  /** Of all of them. */
  moves: count,
  movesPerPlayerMax: count,
  /** Players who were moved at all, and those who were moved again. */
  moved: count,
  movedMoreThanOnce: count,
});

export type Felt = z.infer<typeof feltSchema>;

/** What several groups felt: the worst gaps, and everything else added up. */
export function feltByAll(groups: readonly Felt[]): Felt | undefined {
  return groups.reduce<Felt | undefined>((all, one) => (all === undefined ? one : feltByBoth(all, one)), undefined);
}

/** What a group has felt: a report on the way knows the gaps of the last minute only, and the longest one is not forgotten. */
export const feltSince = (before: Felt | undefined, now: Felt): Felt => ({
  ...now,
  gapMs: { ...now.gapMs, max: Math.max(before?.gapMs.max ?? 0, now.gapMs.max) },
});

const feltByBoth = (a: Felt, b: Felt): Felt => ({
  players: a.players + b.players,
  gapMs: {
    p50: Math.max(a.gapMs.p50, b.gapMs.p50),
    p99: Math.max(a.gapMs.p99, b.gapMs.p99),
    max: Math.max(a.gapMs.max, b.gapMs.max),
  },
  inputs: { lost: a.inputs.lost + b.inputs.lost, doubled: a.inputs.doubled + b.inputs.doubled },
  disconnects: a.disconnects + b.disconnects,
  moves: a.moves + b.moves,
  movesPerPlayerMax: Math.max(a.movesPerPlayerMax, b.movesPerPlayerMax),
  moved: a.moved + b.moved,
  movedMoreThanOnce: a.movedMoreThanOnce + b.movedMoreThanOnce,
});

/** One sentence for each limit that is broken; empty when nobody noticed anything. */
export function complaints(felt: Felt, limits: FeltLimits): string[] {
  const { gapMs, inputs } = felt;
  return [
    tooMuch("gap p99", gapMs.p99, limits.gapP99Ms, " ms"),
    tooMuch("longest gap", gapMs.max, limits.gapMaxMs, " ms"),
    tooMuch("disconnects", felt.disconnects, limits.disconnects),
    tooMuch("inputs lost", inputs.lost, limits.inputsLost),
    tooMuch("inputs doubled", inputs.doubled, limits.inputsDoubled),
    tooMuch("moves of one player", felt.movesPerPlayerMax, limits.movesPerPlayer),
  ].filter((complaint) => complaint !== undefined);
}

const tooMuch = (what: string, value: number, limit: number, unit = ""): string | undefined =>
  value > limit ? `${what} ${shown(value)}${unit} (limit ${shown(limit)}${unit})` : undefined;

const shown = (value: number): string => String(Math.round(value));

/**
 * The limits for a deploy that begins with `baseline`: reports count from the canaries' first moment on, so what they
 * felt before anything was changed is allowed for.
 */
export const limitsAfter = (baseline: Felt, limits: FeltLimits): FeltLimits => ({
  ...limitsBeside(baseline, limits),
  disconnects: limits.disconnects + baseline.disconnects,
  inputsLost: limits.inputsLost + baseline.inputs.lost,
  inputsDoubled: limits.inputsDoubled + baseline.inputs.doubled,
  movesPerPlayer: limits.movesPerPlayer + baseline.movesPerPlayerMax,
});

/** The limits for those who play on the same machine as `others`: busy machines make gaps for everybody. */
export const limitsBeside = (others: Felt, limits: FeltLimits): FeltLimits => ({
  ...limits,
  gapP99Ms: Math.max(limits.gapP99Ms, Math.round(others.gapMs.p99 * MACHINE_FACTOR)),
  gapMaxMs: Math.max(limits.gapMaxMs, Math.round(others.gapMs.max * MACHINE_FACTOR)),
});
