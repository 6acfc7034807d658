// One measurement of one lane: who used how much CPU for how many items, and what the items' latencies were.
import { setTimeout as sleep } from "node:timers/promises";
import { readMemoryMiB } from "../common/cpu-meter.ts";
import { type Reading, startMeter } from "../common/meter.ts";
import type { LineUp } from "./line-up.ts";
import { DIRECT, type Heat, type Plan } from "./plan.ts";
import type { Loop, Tally } from "./worker-protocol.ts";

const MESSAGES_WARM_UP_MS = 1_500;
const LOOP_WARM_UP_MS = 500;
/** What a closed loop leaves behind (closing connections, log lines) belongs to its cost. */
const LOOP_AFTERMATH_MS = 200;
const ASK_TIMEOUT_MS = 20_000;
const OPEN_TIMEOUT_MS = 60_000;
const LANES = { handshakes: 8, requests: 32 } as const;

export interface Outcome extends Heat {
  readonly items: number;
  readonly itemsPerSecond: number;
  /** Of the proxy, per item; undefined for direct connections, which have none. */
  readonly cpuUs: number | undefined;
  readonly userUs: number | undefined;
  readonly systemUs: number | undefined;
  /** Resident, at the end of the measurement. */
  readonly memoryMiB: number | undefined;
  /** Of all processors of the machine. */
  readonly idleShare: number;
  /** Messages only: what arrived, of what should have. */
  readonly reachedShare: number | undefined;
  readonly up: Tally["latency"] | undefined;
  readonly down: Tally["latency"] | undefined;
}

export async function measure(heat: Heat, plan: Plan, field: LineUp, signal: AbortSignal): Promise<Outcome> {
  const contestant = field.contestants.find((one) => one.name === heat.lane);
  const port = (contestant?.ports ?? field.targetPorts)[heat.transport];
  const pid = heat.lane === DIRECT ? undefined : contestant?.pid;
  return heat.part === "messages"
    ? measureMessages(heat, plan, field, { port, pid }, signal)
    : measureLoop(heat, heat.part, plan, field, { port, pid }, signal);
}

interface Place {
  readonly port: number;
  readonly pid: number | undefined;
}

async function measureMessages(
  heat: Heat,
  { seconds, sockets, rate }: Plan,
  { generator, target }: LineUp,
  { port, pid }: Place,
  signal: AbortSignal,
): Promise<Outcome> {
  await generator.ask("open", { port, transport: heat.transport, sockets, rate }, OPEN_TIMEOUT_MS);
  await sleep(MESSAGES_WARM_UP_MS, undefined, { signal });
  await Promise.all([
    generator.ask("begin", undefined, ASK_TIMEOUT_MS),
    target.ask("begin", undefined, ASK_TIMEOUT_MS),
  ]);
  const meter = startMeter(pid);
  await sleep(seconds * 1_000, undefined, { signal });
  const reading = meter();
  const [clients, servers] = await Promise.all([
    generator.ask("tally", undefined, ASK_TIMEOUT_MS),
    target.ask("tally", undefined, ASK_TIMEOUT_MS),
  ]);
  const memoryMiB = pid === undefined ? undefined : readMemoryMiB(pid);
  await generator.ask("close", undefined, ASK_TIMEOUT_MS);
  if (clients.sockets < sockets) throw new Error(`only ${clients.sockets} of ${sockets} WebSockets stayed open`);
  const items = clients.received + servers.received;
  return {
    ...outcome(heat, items, reading),
    memoryMiB,
    reachedShare: items / (2 * sockets * rate * reading.seconds),
    up: servers.latency,
    down: clients.latency,
  };
}

async function measureLoop(
  heat: Heat,
  part: "handshakes" | "requests",
  plan: Plan,
  { generator }: LineUp,
  { port, pid }: Place,
  signal: AbortSignal,
): Promise<Outcome> {
  const run = (ms: number): Promise<Loop> =>
    generator.ask(part, { port, transport: heat.transport, lanes: LANES[part], ms }, ms + ASK_TIMEOUT_MS);
  await run(LOOP_WARM_UP_MS);
  await sleep(LOOP_AFTERMATH_MS, undefined, { signal });
  const meter = startMeter(pid);
  const { done, failed, failure } = await run(plan.seconds * 1_000);
  const machine = meter();
  await sleep(LOOP_AFTERMATH_MS, undefined, { signal });
  const { cpu } = meter();
  if (failed > 0) throw new Error(`${failed} of ${LANES[part]} loops failed: ${failure}`);
  return { ...outcome(heat, done, { ...machine, cpu }), memoryMiB: pid === undefined ? undefined : readMemoryMiB(pid) };
}

function outcome(heat: Heat, items: number, { seconds, cpu, idle }: Reading): Outcome {
  if (items === 0) throw new Error("nothing came through");
  const each = (ms: number) => (ms * 1_000) / items;
  // The kernel splits user from system in ticks; the sum is finer.
  const userShare = cpu && cpu.userMs / Math.max(1, cpu.userMs + cpu.systemMs);
  return {
    ...heat,
    items,
    itemsPerSecond: items / seconds,
    cpuUs: cpu && each(cpu.totalMs),
    userUs: cpu && each(cpu.totalMs * userShare!),
    systemUs: cpu && each(cpu.totalMs * (1 - userShare!)),
    memoryMiB: undefined,
    idleShare: idle,
    reachedShare: undefined,
    up: undefined,
    down: undefined,
  };
}
