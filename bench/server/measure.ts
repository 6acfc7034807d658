// One measurement of one server under full rooms of players.
import { setTimeout as sleep } from "node:timers/promises";
import { TICK_RATE, type WatersKind } from "../../game/sim/index.ts";
import { readMemoryMiB } from "../common/cpu-meter.ts";
import { startMeter } from "../common/meter.ts";
import type { Worker } from "../common/worker.ts";
import type { GeneratorCalls } from "./generator-calls.ts";
import { readCounts, type ServerCounts, tickPercentileMs } from "./metrics-text.ts";
import type { Heat } from "./plan.ts";
import type { Pauses, ServerProcess } from "./server-process.ts";

const OPEN_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 20_000;
const SETTLE_MS = 1_000;
const TICK_SHARE = 0.99;

export interface Outcome extends Heat {
  /** Processor time of the server for one player and second, microseconds. */
  readonly cpuUs: number;
  readonly userUs: number;
  readonly systemUs: number;
  /** Snapshots that arrived, of those that should have. */
  readonly downShare: number;
  /** Inputs that reached the game, of those that should have been sent. */
  readonly upShare: number;
  readonly bytesDownPerSecond: number;
  readonly bytesUpPerSecond: number;
  /** Of the player who was sent most. */
  readonly bytesDownPerSecondMax: number;
  /** Between two snapshots of a player. */
  readonly intervalP50Ms: number;
  readonly intervalP99Ms: number;
  /** As Tidegate itself measures them; undefined for peers. */
  readonly tickP99Ms: number | undefined;
  readonly pauses: Pauses;
  readonly residentMiB: number;
  /** Of all processors of the machine. */
  readonly idleShare: number;
}

export interface Crowd {
  readonly generator: Worker<GeneratorCalls>;
  readonly clients: number;
  /** Of its rooms; a basin unless given. */
  readonly waters?: WatersKind;
  readonly signal: AbortSignal;
}

/** Everybody joins and plays. */
export async function fill(crowd: Crowd, { name, port }: ServerProcess): Promise<void> {
  const { generator, clients, waters = "basin", signal } = crowd;
  await generator.ask("open", { name, port, clients, waters }, OPEN_TIMEOUT_MS);
  await sleep(SETTLE_MS, undefined, { signal });
}

export async function empty({ generator }: Crowd): Promise<void> {
  await generator.ask("leave", undefined, ASK_TIMEOUT_MS);
}

/** What the server does for the players that are there, for so long. */
export async function observe(
  { generator, clients, signal }: Crowd,
  server: ServerProcess,
  heat: Heat,
  seconds: number,
): Promise<Outcome> {
  const before = await countsOf(server);
  await server.probe.ask("begin", undefined, ASK_TIMEOUT_MS);
  await generator.ask("begin", undefined, ASK_TIMEOUT_MS);
  const read = startMeter(server.pid);
  await sleep(seconds * 1_000, undefined, { signal });
  const { cpu, idle, seconds: measured } = read();
  const tally = await generator.ask("tally", undefined, ASK_TIMEOUT_MS);
  const { pauses } = await server.probe.ask("tally", undefined, ASK_TIMEOUT_MS);
  const after = await countsOf(server);
  if (tally.players < clients) throw new Error(`only ${tally.players} of ${clients} players stayed`);
  const playerSeconds = clients * measured;
  const each = (ms: number) => (ms * 1_000) / playerSeconds;
  // The kernel splits user from system in ticks; the sum is finer.
  const userShare = cpu!.userMs / Math.max(1, cpu!.userMs + cpu!.systemMs);
  return {
    ...heat,
    cpuUs: each(cpu!.totalMs),
    userUs: each(cpu!.totalMs * userShare),
    systemUs: each(cpu!.totalMs * (1 - userShare)),
    downShare: tally.snapshots / playerSeconds / TICK_RATE,
    upShare: Math.min(tally.inputs, after.inputs - before.inputs) / playerSeconds / TICK_RATE,
    bytesDownPerSecond: tally.bytesDown / playerSeconds,
    bytesUpPerSecond: tally.bytesUp / playerSeconds,
    bytesDownPerSecondMax: tally.bytesDownMax / measured,
    intervalP50Ms: tally.interval.p50Us / 1_000,
    intervalP99Ms: tally.interval.p99Us / 1_000,
    tickP99Ms:
      before.ticks && after.ticks && tickPercentileMs(before as ServerCounts, after as ServerCounts, TICK_SHARE),
    pauses,
    residentMiB: readMemoryMiB(server.pid),
    idleShare: idle,
  };
}

type Counts = Partial<ServerCounts> & Pick<ServerCounts, "inputs">;

async function countsOf({ name, port, probe }: ServerProcess): Promise<Counts> {
  if (name !== "tidegate") return { inputs: (await probe.ask("tally", undefined, ASK_TIMEOUT_MS)).inputs! };
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  return readCounts(await answer.text());
}
