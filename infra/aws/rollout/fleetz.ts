// What all servers say of themselves, in one request: no single one of them can be reached from outside.
import { z } from "zod";
import type { ServerWords } from "../../deploy/server-words.ts";
import { FLEETZ_TIMEOUT_MS } from "./limits.ts";

const serversSchema = z.object({
  servers: z.array(
    z.object({ id: z.string(), state: z.string(), players: z.number(), rooms: z.number(), arrived: z.number() }),
  ),
});

export interface Fleetz {
  /** Of the region's servers, such as https://eu.play.example.org. */
  readonly url: string;
  /** The operator's. */
  readonly token: string;
}

/** By server id; empty while nobody answers in these words, since it is for people to look at only. */
export async function readFleetz({ url, token }: Fleetz): Promise<ReadonlyMap<string, ServerWords>> {
  try {
    const answer = await fetch(new URL("/fleetz", url), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(FLEETZ_TIMEOUT_MS),
    });
    const read = answer.ok ? serversSchema.safeParse(await answer.json()) : undefined;
    const servers = read?.data?.servers ?? [];
    return new Map(servers.map(({ id, ...words }) => [id, words]));
  } catch {
    return new Map(); // between two servers, or too busy: the next look sees it
  }
}
