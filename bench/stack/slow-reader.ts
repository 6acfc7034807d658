// What a slow reader gets, and what it costs others: players who take 2 KB/s off their connection in a full room, directly and through the
// load balancer; one of them does not confirm what it has had, as a page from before there was such a thing.
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_BOATS } from "../../game/sim/index.ts";
import { readMemoryMiB } from "../common/cpu-meter.ts";
import { mulberry } from "../common/mulberry.ts";
import { percentile } from "../common/statistics.ts";
import { queuedBytes } from "../common/tcp-queues.ts";
import { snapshotDelays } from "./room-record.ts";
import type { RunningStack } from "./running-stack.ts";
import { Sailor } from "./sailor.ts";

const SEED = 4;
/** As pages do. */
const PING_MS = 1_000;
const STEER_MS = 33;
const SETTLE_MS = 2_000;
/** What comes after this share of the time is what a slow reader has to live with. */
const STEADY_FROM = 0.5;

export const READERS = ["direct", "tls", "unconfirmed"] as const;
export type Reader = (typeof READERS)[number];

export interface ReaderOutcome {
  readonly reader: Reader;
  /** When its connection was ended, if it was. */
  readonly lostAfterSeconds: number | undefined;
  readonly bytesPerSecond: number;
  readonly snapshotsPerSecond: number;
  /** How old what it gets is, in the second half, milliseconds. */
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** Most that the kernels held on the ways of its room, looked at once a second. */
  readonly queuedMaxBytes: number;
  readonly serverGrowthMiB: number;
  readonly albGrowthMiB: number;
  /** How much later than the first of all the others got their snapshots. */
  readonly othersP99Ms: number;
}

export interface SlowPlan {
  readonly readers: readonly Reader[];
  readonly seconds: number;
  /** What the slow reader takes a second, bytes. */
  readonly rate: number;
}

/** One slow reader in a room of its own with others who are not. */
export async function measureReader(
  reader: Reader,
  stack: RunningStack,
  plan: SlowPlan,
  signal: AbortSignal,
): Promise<ReaderOutcome> {
  const random = mulberry(SEED);
  const { origin } = stack;
  const direct = { port: stack.servers[0]!.port, transport: "plain", origin } as const;
  const throughAlb = { port: stack.entrances[0]!.tls, transport: "tls", origin } as const;
  const others: Sailor[] = [];
  const slow = new Sailor(reader === "direct" ? "direct" : "tls", random);
  let ticker: NodeJS.Timeout | undefined;
  try {
    for (let count = 1; count < MAX_BOATS; count++) {
      const code = others[0]?.player.welcome.room;
      const request = { name: "Other", ...(code === undefined ? { prefer: "local" as const } : { room: code }) };
      const sailor = new Sailor("direct", random);
      others.push(sailor);
      await sailor.join(direct, request);
    }
    const room = others[0]!.player.welcome.room;
    const confirms = reader === "unconfirmed" ? {} : { confirms: true as const };
    await slow.join(reader === "direct" ? direct : throughAlb, { name: "Slow", room, ...confirms });
    ticker = setInterval(() => {
      for (const sailor of [...others, slow]) if (!sailor.isLost) sailor.steer(true);
    }, STEER_MS);
    await sleep(SETTLE_MS, undefined, { signal });
    for (const sailor of [...others, slow]) sailor.startRecording(false);
    return await watch(reader, stack, { others, slow }, plan, signal);
  } finally {
    clearInterval(ticker);
    for (const sailor of [...others, slow]) sailor.close();
  }
}

async function watch(
  reader: Reader,
  stack: RunningStack,
  { others, slow }: { others: readonly Sailor[]; slow: Sailor },
  { seconds, rate }: SlowPlan,
  signal: AbortSignal,
): Promise<ReaderOutcome> {
  const [server] = stack.servers;
  const memory = () => [readMemoryMiB(server!.pid), readMemoryMiB(stack.albPid)] as const;
  const ports = new Set([server!.port, stack.entrances[0]!.tls]); // nobody else's queue lasts
  const [serverBefore, albBefore] = memory();
  const before = { snapshots: slow.snapshots, bytes: slow.bytesDown };
  slow.player.readSlowly(rate);
  let queuedMaxBytes = 0;
  let lostAfterSeconds: number | undefined;
  for (let second = 0; second < seconds; second++) {
    await sleep(PING_MS, undefined, { signal });
    if (slow.isLost) {
      lostAfterSeconds = second;
      break;
    }
    slow.ping();
    queuedMaxBytes = Math.max(queuedMaxBytes, queuedBytes(ports));
  }
  const [serverAfter, albAfter] = memory();
  const records = others.map(({ record }) => record!);
  const ages = snapshotDelays(slow.record!, records);
  const steady = Float64Array.from(ages.slice(Math.floor(ages.length * STEADY_FROM))).sort();
  const delays = Float64Array.from(records.flatMap((record) => snapshotDelays(record, records))).sort();
  return {
    reader,
    lostAfterSeconds,
    bytesPerSecond: (slow.bytesDown - before.bytes) / (lostAfterSeconds ?? seconds),
    snapshotsPerSecond: (slow.snapshots - before.snapshots) / (lostAfterSeconds ?? seconds),
    ageP50Ms: percentile(steady, 0.5) / 1_000,
    ageP99Ms: percentile(steady, 0.99) / 1_000,
    queuedMaxBytes,
    serverGrowthMiB: serverAfter - serverBefore,
    albGrowthMiB: albAfter - albBefore,
    othersP99Ms: percentile(delays, 0.99) / 1_000,
  };
}
