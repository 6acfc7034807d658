// What a game server says of itself at /statusz: everything for people to look at, and the few numbers that plans are
// made of.
import { z } from "zod";
import type { AgentClient } from "./agent-client.ts";
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

const wordsSchema = z.object({
  state: z.string(),
  /** Players whose socket is on the server. */
  players: z.number(),
  /** Rooms that run there, with the people in them. */
  rooms: z.array(z.object({ players: z.number() })),
  departure: z.object({ phase: z.string(), leftMs: z.number().optional() }).optional(),
});

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

/** What we know how to read of it; undefined when it does not say all of that. */
export const statuszWords = (status: Statusz | null): z.output<typeof wordsSchema> | undefined =>
  wordsSchema.safeParse(status).data;

function loadOf(status: Statusz | null): ServerLoad | undefined {
  const words = statuszWords(status);
  return words && { players: words.players, rooms: words.rooms.length };
}

/** By id; a task that does not say its load is not in it. */
export type LoadsOf = (tasks: readonly TaskView[]) => Promise<ReadonlyMap<string, ServerLoad>>;

export const readLoads: LoadsOf = (tasks) => collect(tasks, ({ address }) => address && readStatusz(address));

/** The same by the agent's door, for who cannot reach the servers' addresses. */
export const loadsByAgent =
  (agent: Pick<AgentClient, "statusz">): LoadsOf =>
  (tasks) =>
    collect(tasks, ({ id }) => agent.statusz(id));

async function collect(
  tasks: readonly TaskView[],
  ask: (task: TaskView) => Promise<Statusz | null> | null,
): Promise<ReadonlyMap<string, ServerLoad>> {
  const loads = await Promise.all(
    tasks.map(async (task) => {
      const load = loadOf(await ask(task));
      return load === undefined ? [] : [[task.id, load] as const];
    }),
  );
  return new Map(loads.flat());
}
