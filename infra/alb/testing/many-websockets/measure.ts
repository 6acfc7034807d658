// Memory per open WebSocket, as a command: `node --import tsx measure.ts TRANSPORT COUNT` prints one line of JSON.

import { type Fleet, startFleet, type Transport } from "./fleet.ts";

export interface MemoryPerSocket {
  readonly transport: Transport;
  readonly count: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** Of the whole process with all sockets open. */
  readonly totalResidentBytes: number;
}

/** The first ones pay for compiled code and warm caches, and are no part of the figure. */
const warmUp = 200;

/** Opens `count` sockets and leaves them open. They talk once, so that what a first message costs is in the figure. */
export async function measureMemory(fleet: Fleet, transport: Transport, count: number): Promise<MemoryPerSocket> {
  const talkOnce = async () => {
    await fleet.talk(50);
    await fleet.until(1);
    await fleet.rest();
  };
  await fleet.open(transport, warmUp);
  await talkOnce();
  const before = await fleet.memory();
  await fleet.open(transport, count - warmUp);
  await talkOnce();
  const after = await fleet.memory();
  const each = (of: (memory: typeof before) => number) => Math.round((of(after) - of(before)) / (count - warmUp));
  return {
    ...{ transport, count, totalResidentBytes: after.residentBytes },
    residentBytes: each((memory) => memory.residentBytes),
    heapBytes: each((memory) => memory.heapBytes),
    externalBytes: each((memory) => memory.externalBytes),
  };
}

if (process.argv[1] === import.meta.filename) {
  // Whoever has started us is gone.
  process.on("disconnect", () => process.exit(1));
  process.channel?.unref();
  const [transport, count] = process.argv.slice(2);
  const fleet = await startFleet();
  try {
    const figures = await measureMemory(fleet, transport === "wss" ? "wss" : "ws", Number(count));
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await fleet.close();
  }
}
