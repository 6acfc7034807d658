// `npm run bench -- server --soak SECONDS`: Tidegate alone for minutes, to see what minutes show: the longest stops for garbage, and
// whether memory stays what it is.
import { EXIT } from "../../infra/stack/refusal.ts";
import { formatTable } from "../../infra/stack/table.ts";
import { circumstances, say, writeJson } from "../common/notes.ts";
import { atMost, type Target, targetLine } from "../common/targets.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { startTidegate } from "./contestants.ts";
import { type Crowd, empty, fill, type Outcome, observe } from "./measure.ts";
import type { ServerPlan } from "./plan.ts";
import { onStage } from "./run.ts";
import type { Memory, ServerProcess } from "./server-process.ts";

const SLICE_SECONDS = 30;
const ASK_TIMEOUT_MS = 20_000;
const PAUSE_MAX_MS = 10;
/** What may be more in use at the end than at the beginning: measured after a full collection, but of a game that goes on. */
const GROWTH_MAX = 1.05;

export interface SoakOutcome {
  /** One for each slice of time. */
  readonly slices: readonly Outcome[];
  /** After full collections: with nobody there, with everybody, and with everybody at the end. */
  readonly memory: { readonly empty: Memory; readonly full: Memory; readonly end: Memory };
}

export async function runSoak(root: string, plan: ServerPlan, soakSeconds: number): Promise<number> {
  return onStage({ root, name: "server", ...plan }, async ({ setting, generator, signal }) => {
    const server = await untilAborted(startTidegate(setting), signal);
    const crowd: Crowd = { generator, clients: plan.clients, signal };
    const outcome = await untilAborted(soak(crowd, server, plan.warmUpSeconds, soakSeconds), signal);
    const targets = targetsOf(outcome);
    writeJson(plan.jsonFile, { ...circumstances(), plan, soakSeconds, targets, ...outcome });
    process.stdout.write(`${describe(outcome, plan.clients)}\n\n${targets.map(targetLine).join("\n")}\n`);
    say(`Everything is in ${plan.jsonFile}.`);
    return EXIT.done;
  });
}

async function soak(crowd: Crowd, server: ServerProcess, warmUpSeconds: number, seconds: number): Promise<SoakOutcome> {
  const heat = { round: 0, name: server.name };
  const memory = () => server.probe.ask("memory", undefined, ASK_TIMEOUT_MS);
  // Whoever came first has everything compiled: that is not the memory of a connection.
  await fill(crowd, server);
  await observe(crowd, server, heat, warmUpSeconds);
  await empty(crowd);
  const nobody = await memory();
  await fill(crowd, server);
  await observe(crowd, server, heat, warmUpSeconds);
  const full = await memory();
  const slices: Outcome[] = [];
  for (let left = seconds; left > 0; left -= SLICE_SECONDS) {
    say(`${left} s left`);
    slices.push(await observe(crowd, server, { ...heat, round: slices.length + 1 }, Math.min(SLICE_SECONDS, left)));
  }
  const end = await memory();
  await empty(crowd);
  return { slices, memory: { empty: nobody, full, end } };
}

export function targetsOf({ slices, memory }: SoakOutcome): Target[] {
  const longest = Math.max(...slices.map(({ pauses }) => pauses.maxMs));
  const growth = memory.end.usedBytes / memory.full.usedBytes;
  return [
    atMost("server: longest stop for garbage", { value: longest, atMost: PAUSE_MAX_MS, unit: "ms", digits: 1 }),
    atMost("server: memory at the end against the beginning", {
      ...{ value: growth, atMost: GROWTH_MAX, unit: "×", digits: 2 },
    }),
  ];
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

export function describe({ slices, memory }: SoakOutcome, clients: number): string {
  const heads = ["minute", "CPU µs", "tick p99 ms", "GC stops", "longest ms", "over 10 ms", "MiB resident", "reached"];
  const rows = slices.map((slice) => [
    ((slice.round * SLICE_SECONDS) / 60).toFixed(1),
    slice.cpuUs.toFixed(0),
    slice.tickP99Ms?.toFixed(1) ?? "",
    String(slice.pauses.count),
    slice.pauses.maxMs.toFixed(1),
    String(slice.pauses.long),
    slice.residentMiB.toFixed(0),
    `${Math.round(Math.min(slice.downShare, slice.upShare) * 100)} %`,
  ]);
  const { empty: nobody, full, end } = memory;
  const each = (pick: (memory: Memory) => number) => ((pick(full) - pick(nobody)) / clients / 1_024).toFixed(1);
  return [
    formatTable(heads, rows),
    `After full collections: ${mib(nobody.usedBytes)} MiB in use with nobody, ${mib(full.usedBytes)} with ${clients} players, ${mib(end.usedBytes)} at the end.`,
    `One connection with its seat: ${each(({ usedBytes }) => usedBytes)} KiB in use, ${each(({ residentBytes }) => residentBytes)} KiB resident.`,
  ].join("\n");
}
