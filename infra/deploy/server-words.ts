// What a server says of itself at /statusz, as far as a deploy wants to know it.
import { z } from "zod";
import { STATUS_TIMEOUT_MS } from "./limits.ts";

const SERVING = "serving";

/** Versions differ: what an older server does not tell has a default. */
const wordsSchema = z.object({
  /** starting, ready, draining. */
  state: z.string(),
  /** Its phase is more exact than the state, once it is leaving. */
  departure: z.object({ phase: z.string() }).default({ phase: SERVING }),
  /** Whose sockets are on it. */
  players: z.number(),
  rooms: z.array(z.unknown()),
  moves: z.object({ in: z.number() }).default({ in: 0 }),
});

export interface ServerWords {
  readonly state: string;
  readonly players: number;
  readonly rooms: number;
  /** Players who came by a move since it started. */
  readonly arrived: number;
}

/** Undefined when it does not answer, or not in these words. */
export async function askServer(address: string): Promise<ServerWords | undefined> {
  try {
    const answer = await fetch(`http://${address}/statusz`, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
    return answer.ok ? readWords(await answer.json()) : undefined;
  } catch {
    return undefined; // it starts, hangs or has just ended: the columns beside it tell
  }
}

export function readWords(body: unknown): ServerWords | undefined {
  const words = wordsSchema.safeParse(body).data;
  if (words === undefined) return undefined;
  const { departure, moves, players, rooms } = words;
  const state = departure.phase === SERVING ? words.state : departure.phase;
  return { state, players, rooms: rooms.length, arrived: moves.in };
}
