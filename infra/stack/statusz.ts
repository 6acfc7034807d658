// What a game server says of itself at /statusz: everything for people to look at, and the few numbers that plans are
// made of.
import { z } from "zod";
import type { Address } from "./platforms/platform.ts";
import type { TaskView } from "./task-entry.ts";

const TIMEOUT_MS = 1_000;

export type Statusz = Readonly<Record<string, unknown>>;

/** How much there is to move when a server leaves. */
export interface ServerLoad {
  /** Players whose socket is on the server. */
  readonly players: number;
  /** Rooms that run there. */
  readonly rooms: number;
}

const loadSchema = z.object({ players: z.number(), rooms: z.array(z.unknown()) });

/** Null when it does not answer: it hangs, has not come up yet, or has just ended. */
export async function readStatusz(address: Address): Promise<Statusz | null> {
  try {
    const url = `http://${address.host}:${address.port}/statusz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = answer.ok ? await answer.json() : null;
    return typeof body === "object" ? (body as Statusz | null) : null;
  } catch {
    return null; // who asks sees it from the missing answer
  }
}

/** Undefined when it does not say. */
export function loadOf(status: Statusz | null): ServerLoad | undefined {
  const result = loadSchema.safeParse(status);
  return result.success ? { players: result.data.players, rooms: result.data.rooms.length } : undefined;
}

/** By id; a task that does not say its load is not in it. */
export async function readLoads(tasks: readonly TaskView[]): Promise<ReadonlyMap<string, ServerLoad>> {
  const loads = await Promise.all(
    tasks.map(async ({ id, address }) => {
      const load = address === null ? undefined : loadOf(await readStatusz(address));
      return load === undefined ? [] : [[id, load] as const];
    }),
  );
  return new Map(loads.flat());
}
