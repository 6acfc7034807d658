// From single measurements to one line for each lane: medians over the rounds. Pure.

import type { Transport } from "../common/dial.ts";
import { type Spread, spreadOf } from "../common/statistics.ts";
import type { Outcome } from "./measure.ts";
import { DIRECT, type Lane, type Part } from "./plan.ts";

export interface Line {
  readonly part: Part;
  readonly transport: Transport;
  readonly lane: Lane;
  readonly rounds: number;
  /** Rounds whose traffic did not arrive as offered; they count only when there are no others. */
  readonly disturbed: number;
  readonly cpuUs: Spread | undefined;
  readonly userUs: number | undefined;
  readonly systemUs: number | undefined;
  readonly itemsPerSecond: Spread | undefined;
  readonly memoryMiB: number | undefined;
  readonly idleShare: number | undefined;
  /** The worst round. */
  readonly reachedShare: number | undefined;
  /** One way, the mean of both directions. */
  readonly p50Us: number | undefined;
  readonly p99Us: number | undefined;
  /** Against direct connections of the same run. */
  readonly addedP50Us: number | undefined;
  readonly addedP99Us: number | undefined;
}

export function summarise(outcomes: readonly Outcome[]): Line[] {
  const groups = groupBy(outcomes, (one) => `${one.part} ${one.transport} ${one.lane}`);
  const lines = [...groups.values()].map(lineOf);
  return lines.map((line) => {
    const direct = lines.find(
      (other) => other.lane === DIRECT && other.part === line.part && other.transport === line.transport,
    );
    if (line.lane === DIRECT) return line;
    return {
      ...line,
      addedP50Us: difference(line.p50Us, direct?.p50Us),
      addedP99Us: difference(line.p99Us, direct?.p99Us),
    };
  });
}

/** What arrives must be what is sent, or messages travelled in heaps, which costs less. */
const REACHED = { min: 0.97, max: 1.03 } as const;

const isUndisturbed = ({ reachedShare }: Outcome): boolean =>
  reachedShare === undefined || (reachedShare >= REACHED.min && reachedShare <= REACHED.max);

function lineOf(all: readonly Outcome[]): Line {
  const { part, transport, lane } = all[0]!;
  const undisturbed = all.filter(isUndisturbed);
  const rounds = undisturbed.length > 0 ? undisturbed : all;
  const spread = (pick: (one: Outcome) => number | undefined) =>
    spreadOf(rounds.map(pick).filter((value) => value !== undefined));
  const oneWay = (pick: (latency: { p50Us: number; p99Us: number }) => number) =>
    spread(({ up, down }) => up && down && (pick(up) + pick(down)) / 2)?.median;
  return {
    ...{ part, transport, lane, rounds: all.length, disturbed: all.length - undisturbed.length },
    cpuUs: spread((one) => one.cpuUs),
    userUs: spread((one) => one.userUs)?.median,
    systemUs: spread((one) => one.systemUs)?.median,
    itemsPerSecond: spread((one) => one.itemsPerSecond),
    memoryMiB: spread((one) => one.memoryMiB)?.median,
    idleShare: spread((one) => one.idleShare)?.median,
    reachedShare: spread((one) => one.reachedShare)?.min,
    p50Us: oneWay((latency) => latency.p50Us),
    p99Us: oneWay((latency) => latency.p99Us),
    addedP50Us: undefined,
    addedP99Us: undefined,
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const difference = (value: number | undefined, base: number | undefined): number | undefined =>
  value === undefined || base === undefined ? undefined : value - base;

/** How many times the CPU of `other` this line took, in the same part over the same transport. */
export function ratioTo(lines: readonly Line[], line: Line, other: Lane): number | undefined {
  const base = lines.find(
    (one) => one.lane === other && one.part === line.part && one.transport === line.transport,
  )?.cpuUs;
  return line.cpuUs && base && line.cpuUs.median / base.median;
}
