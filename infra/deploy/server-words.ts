// What a server says of itself at /statusz, as far as a deploy wants to know it.
import { z } from "zod";
import { STATUS_TIMEOUT_MS } from "./limits.ts";

const wordsSchema = z.object({
  /** starting, ready, draining; a departure has its own names for what it is at. */
  state: z.string(),
  phase: z.string().optional(),
  /** Whose sockets are on it. */
  players: z.number(),
  rooms: z.array(z.unknown()),
});

export interface ServerWords {
  readonly state: string;
  readonly players: number;
  readonly rooms: number;
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
  return words && { state: words.phase ?? words.state, players: words.players, rooms: words.rooms.length };
}
