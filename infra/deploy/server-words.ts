// What a server says of itself at /statusz, as far as a deploy wants to know it.
import { z } from "zod";

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

/** Undefined when these are not its words. */
export function readWords(body: unknown): ServerWords | undefined {
  const words = wordsSchema.safeParse(body).data;
  if (words === undefined) return undefined;
  const { departure, moves, players, rooms } = words;
  const state = departure.phase === SERVING ? words.state : departure.phase;
  return { state, players, rooms: rooms.length, arrived: moves.in };
}
