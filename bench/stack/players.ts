// The players, a process of its own: full rooms of bare sockets on the ways that they are told.
import { setTimeout as sleep } from "node:timers/promises";
import type { JoinRequest } from "../../game/protocol/index.ts";
import { mulberry } from "../common/mulberry.ts";
import { percentile } from "../common/statistics.ts";
import { Wheel } from "../common/wheel.ts";
import { answerCalls } from "../common/worker-calls.ts";
import {
  type Latency,
  type PlayersCalls,
  type Rhythm,
  type RoomSeated,
  type RoomWanted,
  type SeatsWanted,
  type Tally,
  WAYS,
  type Way,
  type WayLatencies,
} from "./players-protocol.ts";
import { inputDelays, snapshotDelays, viewsOf } from "./room-record.ts";
import { Sailor } from "./sailor.ts";

const SEED = 3;
const TICK_MS = 1;
/** For goodbyes to be read before the sockets are closed. */
const GOODBYE_MS = 200;

const random = mulberry(SEED);
/** The sailors of each room, in the order in which they joined. */
let rooms: readonly (readonly Sailor[])[] = [];
let wheels: readonly Wheel<Sailor>[] = [];
let ticker: NodeJS.Timeout | undefined;
let inputsBefore = 0;
let skippedBefore = 0;

async function seat({ rooms: wanted, ...where }: SeatsWanted): Promise<RoomSeated[]> {
  const filled: Sailor[][] = [];
  // One after the other: quick play has a room made when those that there are are full.
  for (const room of wanted) filled.push(await fill(room, where));
  rooms = filled;
  return filled.map((sailors) => {
    const { room, path } = sailors[0]!.player.welcome;
    return { code: room, owner: path.owner.id, gateways: sailors.map(({ player }) => player.welcome.path.gateway.id) };
  });
}

async function fill(wanted: RoomWanted, { entrances, origin }: Omit<SeatsWanted, "rooms">): Promise<Sailor[]> {
  const sailors: Sailor[] = [];
  for (const way of wanted.ways) {
    const code = sailors[0]?.player.welcome.room ?? wanted.code;
    const request: JoinRequest = { name: "Bench", ...(code === undefined ? { prefer: "local" } : { room: code }) };
    const sailor = new Sailor(way, random);
    await sailor.join({ ...entrances[way], origin }, request);
    sailors.push(sailor);
  }
  return sailors;
}

function play({ rate, fire, pings }: Rhythm): void {
  const steering = new Wheel<Sailor>(1_000 / rate, random);
  const pinging = new Wheel<Sailor>(pings > 0 ? 1_000 / pings : 1_000, random);
  for (const sailor of rooms.flat()) {
    steering.add(sailor);
    if (pings > 0) pinging.add(sailor);
  }
  wheels = [steering, pinging];
  clearInterval(ticker);
  ticker = setInterval(() => {
    const nowMs = performance.now();
    steering.advance(nowMs, (sailor) => sailor.isLost || sailor.steer(fire));
    pinging.advance(nowMs, (sailor) => sailor.isLost || sailor.ping());
  }, TICK_MS);
}

function begin({ record }: { readonly record: boolean }): void {
  inputsBefore = inputsSent();
  skippedBefore = skipped();
  for (const sailors of rooms) {
    for (const [index, sailor] of sailors.entries()) {
      sailor.snapshots = 0;
      sailor.bytesDown = 0;
      if (record) sailor.startRecording(index === 0);
      else sailor.stopRecording();
    }
  }
}

const inputsSent = (): number => rooms.flat().reduce((sum, { inputs }) => sum + inputs, 0);
const skipped = (): number => wheels.reduce((sum, { skippedSlots }) => sum + skippedSlots, 0);

function tally(): Tally {
  const sailors = rooms.flat();
  return {
    players: sailors.filter(({ isLost }) => !isLost).length,
    inputs: inputsSent() - inputsBefore,
    snapshots: sailors.reduce((sum, sailor) => sum + sailor.snapshots, 0),
    bytesDown: sailors.reduce((sum, sailor) => sum + sailor.bytesDown, 0),
    skippedMs: skipped() - skippedBefore,
  };
}

function latencies(): Record<Way, WayLatencies> {
  const found = new Map(WAYS.map((way) => [way, { snapshot: [], input: [], ping: [] } as Found]));
  for (const sailors of rooms) {
    const views = viewsOf(sailors[0]!.frames);
    const direct = sailors.filter(({ way }) => way === "direct").map(({ record }) => record!);
    for (const { way, record } of sailors) {
      const { snapshot, input, ping } = found.get(way)!;
      snapshot.push(...snapshotDelays(record!, direct));
      input.push(...inputDelays(record!, views));
      ping.push(...record!.pings);
    }
  }
  const summaries = [...found].map(([way, { snapshot, input, ping }]) => {
    return [way, { snapshot: latencyOf(snapshot), input: latencyOf(input), ping: latencyOf(ping) }] as const;
  });
  return Object.fromEntries(summaries) as Record<Way, WayLatencies>;
}

type Found = Record<keyof WayLatencies, number[]>;

function latencyOf(delaysUs: readonly number[]): Latency {
  const sorted = Float64Array.from(delaysUs).sort();
  return { samples: sorted.length, p50Us: percentile(sorted, 0.5), p99Us: percentile(sorted, 0.99) };
}

async function leave(): Promise<void> {
  clearInterval(ticker);
  const sailors = rooms.flat();
  rooms = [];
  for (const { player, isLost } of sailors) if (!isLost) player.event("leave");
  await sleep(GOODBYE_MS);
  for (const { player } of sailors) player.close();
}

answerCalls<PlayersCalls>({ seat, play, begin, tally, latencies, leave });
