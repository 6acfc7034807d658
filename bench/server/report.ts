// The table and the sentences that a run ends with. Pure.
import { formatTable } from "../../infra/stack/table.ts";
import type { Spread } from "../common/statistics.ts";
import type { Outcome } from "./measure.ts";
import type { ContestantName } from "./plan.ts";
import { cpuRatio, type Line } from "./summary.ts";

const BASES: readonly ContestantName[] = ["ws", "colyseus"];
const IDLE_MIN = 0.1;

export function describe(outcomes: readonly Outcome[], lines: readonly Line[], clients: number): string {
  const title = `${clients} players in rooms of 32, 30 inputs and 30 snapshots a second each; CPU in µs of the server for a player-second`;
  return [`${title}\n${table(outcomes, lines)}`, doubts(lines).join("\n")].filter((text) => text !== "").join("\n\n");
}

function table(outcomes: readonly Outcome[], lines: readonly Line[]): string {
  const heads = [
    ...["", "CPU µs", "user", "system", ...BASES.map((base) => `× ${base}`), "KB/s down", "up"],
    ...["interval p99 ms", "tick p99", "GC ms/s", "max", "MiB", "reached", "idle"],
  ];
  const rows = lines.map((line) => [
    line.name,
    spread(line.cpuUs, 0),
    line.userUs.toFixed(0),
    line.systemUs.toFixed(0),
    ...BASES.map((base) => (line.name === base ? "1.00" : spread(cpuRatio(outcomes, line.name, base), 2))),
    (line.bytesDownPerSecond / 1_000).toFixed(1),
    (line.bytesUpPerSecond / 1_000).toFixed(1),
    line.intervalP99Ms.toFixed(1),
    line.tickP99Ms?.toFixed(2) ?? "",
    line.pauses.perSecondMs.toFixed(1),
    line.pauses.maxMs.toFixed(1),
    line.residentMiB.toFixed(0),
    percent(Math.min(line.downShare, line.upShare)),
    percent(line.idleShare),
  ]);
  return formatTable(heads, rows);
}

/** Sentences about what makes the figures less trustworthy. */
function doubts(lines: readonly Line[]): string[] {
  return lines.flatMap(({ name, rounds, disturbed, downShare, upShare, idleShare }) => [
    ...(disturbed === rounds
      ? [
          `${name}: only ${percent(downShare)} of the snapshots and ${percent(upShare)} of the inputs arrived; its figures are not comparable.`,
        ]
      : []),
    ...(disturbed > 0 && disturbed < rounds
      ? [`${name}: ${disturbed} of ${rounds} rounds are left out, since their traffic did not arrive as it should.`]
      : []),
    ...(idleShare < IDLE_MIN
      ? [`${name}: the machine was ${percent(idleShare)} idle, too little for its intervals to mean much.`]
      : []),
  ]);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const spread = (value: Spread | undefined, digits: number): string =>
  value === undefined
    ? ""
    : `${value.median.toFixed(digits)} (${value.min.toFixed(digits)}–${value.max.toFixed(digits)})`;
