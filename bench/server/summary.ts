// From single measurements to one line for each contestant: medians over the rounds. Pure.
import { type Spread, spreadOf } from "../common/statistics.ts";
import { atMost, type Target } from "../common/targets.ts";
import type { Outcome } from "./measure.ts";
import { CONTESTANTS, type ContestantName } from "./plan.ts";

export interface Line {
  readonly name: ContestantName;
  readonly rounds: number;
  /** Rounds whose traffic did not arrive as it should; they count only when there are no others. */
  readonly disturbed: number;
  readonly cpuUs: Spread;
  readonly userUs: number;
  readonly systemUs: number;
  readonly bytesDownPerSecond: number;
  readonly bytesUpPerSecond: number;
  readonly intervalP99Ms: number;
  readonly tickP99Ms: number | undefined;
  readonly pauses: { readonly perSecondMs: number; readonly maxMs: number; readonly long: number };
  readonly residentMiB: number;
  /** The worst round. */
  readonly downShare: number;
  readonly upShare: number;
  readonly idleShare: number;
}

/** What does not arrive costs nothing, and what arrives in heaps costs less. */
const REACHED = { min: 0.97, max: 1.03 } as const;

const isWithin = (share: number): boolean => share >= REACHED.min && share <= REACHED.max;
const isUndisturbed = ({ downShare, upShare }: Outcome): boolean => isWithin(downShare) && isWithin(upShare);

export function summarise(outcomes: readonly Outcome[], seconds: number): Line[] {
  return CONTESTANTS.flatMap((name) => {
    const all = outcomes.filter((one) => one.name === name);
    return all.length === 0 ? [] : [lineOf(name, all, seconds)];
  });
}

function lineOf(name: ContestantName, all: readonly Outcome[], seconds: number): Line {
  const undisturbed = all.filter(isUndisturbed);
  const rounds = undisturbed.length > 0 ? undisturbed : all;
  const spread = (pick: (one: Outcome) => number) => spreadOf(rounds.map(pick))!;
  const median = (pick: (one: Outcome) => number) => spread(pick).median;
  const ticks = rounds.map(({ tickP99Ms }) => tickP99Ms).filter((ms) => ms !== undefined);
  return {
    ...{ name, rounds: all.length, disturbed: all.length - undisturbed.length },
    cpuUs: spread(({ cpuUs }) => cpuUs),
    userUs: median(({ userUs }) => userUs),
    systemUs: median(({ systemUs }) => systemUs),
    bytesDownPerSecond: median(({ bytesDownPerSecond }) => bytesDownPerSecond),
    bytesUpPerSecond: median(({ bytesUpPerSecond }) => bytesUpPerSecond),
    intervalP99Ms: median(({ intervalP99Ms }) => intervalP99Ms),
    tickP99Ms: spreadOf(ticks)?.median,
    pauses: {
      perSecondMs: median(({ pauses }) => pauses.totalMs / seconds),
      maxMs: spread(({ pauses }) => pauses.maxMs).max,
      long: rounds.reduce((sum, { pauses }) => sum + pauses.long, 0),
    },
    residentMiB: median(({ residentMiB }) => residentMiB),
    downShare: spread(({ downShare }) => downShare).min,
    upShare: spread(({ upShare }) => upShare).min,
    idleShare: median(({ idleShare }) => idleShare),
  };
}

/** Medians of each round's own ratio: what disturbs one round disturbs both of its halves. */
export function cpuRatio(outcomes: readonly Outcome[], name: ContestantName, to: ContestantName): Spread | undefined {
  const good = outcomes.filter(isUndisturbed);
  const ratios = good
    .filter((one) => one.name === name)
    .flatMap((one) => {
      const other = good.find(({ name: base, round }) => base === to && round === one.round);
      return other ? [one.cpuUs / other.cpuUs] : [];
    });
  return spreadOf(ratios);
}

/** What issue 5 asks for. */
export function targetsOf(outcomes: readonly Outcome[], lines: readonly Line[]): Target[] {
  const own = lines.find(({ name }) => name === "tidegate");
  if (!own) return [];
  const colyseus = lines.find(({ name }) => name === "colyseus");
  const cpu = (to: ContestantName, limit: number) => {
    const ratio = cpuRatio(outcomes, "tidegate", to)?.median;
    const what = `server: CPU of a player-second against ${to}`;
    return ratio === undefined ? [] : [atMost(what, { value: ratio, atMost: limit, unit: "×", digits: 2 })];
  };
  const down = own.bytesDownPerSecond;
  return [
    ...cpu("colyseus", 0.75),
    ...cpu("ws", 1.3),
    atMost("server: bytes down of a client, 32 boats", { value: down / 1_000, atMost: 6, unit: "KB/s", digits: 1 }),
    ...(colyseus
      ? [
          atMost("server: bytes down against colyseus", {
            ...{ value: down / colyseus.bytesDownPerSecond, atMost: 0.25, unit: "×", digits: 2 },
          }),
        ]
      : []),
    ...(own.tickP99Ms === undefined
      ? []
      : [atMost("server: tick p99", { value: own.tickP99Ms, atMost: 8, unit: "ms", digits: 1 })]),
  ];
}
