// What a series of runs came to: sums for people and machines, and for each failure how to see it again.

import type { Outcome } from "./run.ts";
import type { Scenario } from "./scenario.ts";

export interface Failed {
  seed: number;
  invariant: string;
  what: string;
  atMs: number;
  /** The smallest scenario found that breaks the same invariant. */
  smallest: Pick<Scenario, "players" | "steps">;
}

export interface Summary {
  seeds: number;
  failed: Failed[];
  events: number;
  virtualSeconds: number;
  moves: number;
  seconds: number;
}

export function emptySummary(): Summary {
  return { seeds: 0, failed: [], events: 0, virtualSeconds: 0, moves: 0, seconds: 0 };
}

export function add(summary: Summary, outcome: Outcome): void {
  summary.seeds += 1;
  summary.events += outcome.events;
  summary.virtualSeconds += outcome.durationMs / 1000;
  summary.moves += outcome.moves;
}

export function sentenceOf({ seeds, failed, events, virtualSeconds, moves, seconds }: Summary): string {
  const verdict = failed.length === 0 ? "every invariant held" : `${failed.length} broke an invariant`;
  const sums = `${number(virtualSeconds)} s of virtual time, ${number(events)} events, ${number(moves)} moves`;
  return `${number(seeds)} seeds: ${verdict} (${sums}; ${number(seconds)} s)`;
}

export function describeFailure({ seed, invariant, what, atMs, smallest }: Failed): string {
  const steps = smallest.steps.map(({ atMs: stepAtMs, kind, ...more }) => {
    const fields = Object.entries(more).map(([name, value]) => `${name} ${value}`);
    return `    at ${stepAtMs} ms: ${[kind, ...fields].join(", ")}`;
  });
  return [
    `seed ${seed}: ${invariant}: ${what} (at ${Math.round(atMs)} ms)`,
    `  smallest scenario that does it: ${smallest.players} players and`,
    ...(steps.length > 0 ? steps : ["    nothing"]),
    `  npm run simulate -- --seed ${seed} --trace`,
  ].join("\n");
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}
