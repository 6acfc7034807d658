// What players on each way cost each process, and how long their messages are under way.
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_BOATS } from "../../game/sim/index.ts";
import { startMeter } from "../common/meter.ts";
import type { Worker } from "../common/worker.ts";
import { type PlayersCalls, type RoomSeated, WAYS, type Way, type WayLatencies } from "./players-protocol.ts";
import type { RunningStack } from "./running-stack.ts";

const SEAT_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 20_000;
const WARM_UP_MS = 2_000;
/** The first players of a stack: whatever is compiled as it goes is compiled now. */
const FIRST_WARM_UP_MS = 6_000;
const TICK_RATE = 30;
/** Slower than the ticks, so that each player's inputs come at every moment of a tick in turn. */
const DRIFTING_RATE = 29;
const PINGS = 2;

export const PARTS = ["alb", "owner", "gateway", "redis", "players"] as const;
export type Part = (typeof PARTS)[number];

/** Processor time, milliseconds a second, by process. */
export type Usage = Readonly<Partial<Record<Part, number>>>;

export interface Heat {
  readonly round: number;
  readonly way: Way;
}

export interface HeatOutcome extends Heat {
  readonly players: number;
  readonly usage: Usage;
  /** Of one player. */
  readonly inputsPerSecond: number;
  readonly snapshotsPerSecond: number;
  readonly bytesDownPerSecond: number;
  /** Of all processors of the machine. */
  readonly idleShare: number;
}

/** Everything that takes part. */
export interface Cast {
  readonly stack: RunningStack;
  readonly players: Worker<PlayersCalls>;
  readonly signal: AbortSignal;
}

/** What everybody uses while nobody plays. */
export async function measureIdle(cast: Cast, seconds: number): Promise<Usage> {
  const read = startMeters(cast);
  await sleep(seconds * 1_000, undefined, { signal: cast.signal });
  return read().usage;
}

/** All ways at once, in the same rooms: what differs is nothing but the way. */
export async function measureLatencies(cast: Cast, rooms: number, seconds: number): Promise<Record<Way, WayLatencies>> {
  const { players, signal } = cast;
  const ways = Array.from({ length: MAX_BOATS }, (_, index) => WAYS[index % WAYS.length]!);
  await seatAll(
    cast,
    Array.from({ length: rooms }, () => ({ ways })),
  );
  await players.ask("play", { rate: DRIFTING_RATE, fire: false, pings: PINGS }, ASK_TIMEOUT_MS);
  await sleep(FIRST_WARM_UP_MS, undefined, { signal });
  await players.ask("begin", { record: true }, ASK_TIMEOUT_MS);
  await sleep(seconds * 1_000, undefined, { signal });
  const latencies = await players.ask("latencies", undefined, ASK_TIMEOUT_MS);
  await players.ask("leave", undefined, ASK_TIMEOUT_MS);
  return latencies;
}

/** Makes the rooms that the heats then fill one after the other. */
export async function makeRooms(cast: Cast, rooms: number): Promise<readonly string[]> {
  const ways = Array.from({ length: MAX_BOATS }, (): Way => "direct");
  const seated = await seatAll(
    cast,
    Array.from({ length: rooms }, () => ({ ways })),
  );
  await cast.players.ask("leave", undefined, ASK_TIMEOUT_MS);
  return seated.map(({ code }) => code);
}

/** Everybody on one way, in the rooms of those codes. */
export async function measureHeat(
  cast: Cast,
  heat: Heat,
  codes: readonly string[],
  seconds: number,
): Promise<HeatOutcome> {
  const { players, signal } = cast;
  const ways = Array.from({ length: MAX_BOATS }, () => heat.way);
  await seatAll(
    cast,
    codes.map((code) => ({ code, ways })),
  );
  await players.ask("play", { rate: TICK_RATE, fire: true, pings: 0 }, ASK_TIMEOUT_MS);
  await sleep(WARM_UP_MS, undefined, { signal });
  await players.ask("begin", { record: false }, ASK_TIMEOUT_MS);
  const read = startMeters(cast);
  await sleep(seconds * 1_000, undefined, { signal });
  const { usage, idleShare, seconds: measured } = read();
  const tally = await players.ask("tally", undefined, ASK_TIMEOUT_MS);
  await players.ask("leave", undefined, ASK_TIMEOUT_MS);
  const wanted = codes.length * MAX_BOATS;
  if (tally.players < wanted) throw new Error(`only ${tally.players} of ${wanted} players stayed`);
  const each = (count: number) => count / wanted / measured;
  return {
    ...{ ...heat, players: wanted, usage, idleShare, inputsPerSecond: each(tally.inputs) },
    ...{ snapshotsPerSecond: each(tally.snapshots), bytesDownPerSecond: each(tally.bytesDown) },
  };
}

async function seatAll(
  { stack, players, signal }: Cast,
  rooms: readonly { code?: string; ways: readonly Way[] }[],
): Promise<readonly RoomSeated[]> {
  const [first, second] = stack.entrances;
  const entrances = {
    direct: { port: stack.servers[0]!.port, transport: "plain" },
    plain: { port: first!.plain, transport: "plain" },
    tls: { port: first!.tls, transport: "tls" },
    remote: { port: second!.tls, transport: "tls" },
  } as const;
  const seated = await players.ask("seat", { origin: stack.origin, rooms, entrances }, SEAT_TIMEOUT_MS);
  signal.throwIfAborted();
  for (const [index, room] of seated.entries()) checkPlaces(stack, room, rooms[index]!.ways);
  return seated;
}

/** A figure is worth something only if the players are where they are meant to be. */
function checkPlaces({ servers }: RunningStack, { code, owner, gateways }: RoomSeated, ways: readonly Way[]): void {
  const [first, second] = servers.map(({ id }) => id);
  if (owner !== first) throw new Error(`room ${code} is on ${owner}, not on ${first}`);
  for (const [index, gateway] of gateways.entries()) {
    const wanted = ways[index] === "remote" ? second : first;
    if (gateway !== wanted) throw new Error(`a player is connected to ${gateway}, not to ${wanted}`);
  }
}

function startMeters({ stack, players }: Cast) {
  const [owner, gateway] = stack.servers;
  const pids = {
    ...{ alb: stack.albPid, owner: owner!.pid, gateway: gateway!.pid, players: players.pid },
    ...(stack.redisPid !== undefined && { redis: stack.redisPid }),
  };
  const meters = Object.entries(pids).map(([part, pid]) => [part, startMeter(pid)] as const);
  return () => {
    const readings = meters.map(([part, read]) => [part, read()] as const);
    const usage = Object.fromEntries(readings.map(([part, { cpu, seconds }]) => [part, cpu!.totalMs / seconds]));
    const { idle, seconds } = readings[0]![1];
    return { usage: usage as Usage, idleShare: idle, seconds };
  };
}
