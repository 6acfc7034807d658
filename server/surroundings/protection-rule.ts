// Which servers ECS must not stop to have fewer of them. Pure: all servers judge by the same records of the registry, so that they agree.
//
//   alone with its generation    people, and not the emptiest    → kept        a scale-in takes the emptiest, whose players are soonest moved
//   a newer generation has come  people, when it came            → held        once: until whoever deploys lets all of them go, or time is up
//   an older one is still there                                  → free        nothing is scaled in meanwhile, and a roll back may take it
//   leaving, or nobody in it                                     → free

import type { ServerRecord } from "../cluster/cluster.ts";
import type { ServerId } from "../room/room-port.ts";

export interface Wish {
  /** "kept": for as long as it is wished; "held": once for these successors. */
  readonly kind: "free" | "kept" | "held";
  /** The newest generation, if it is newer than this server's. */
  readonly successors?: number;
}

const free: Wish = { kind: "free" };

/** `undefined` when the registry does not know this server: then nothing can be said. */
export function protectionOf(servers: readonly ServerRecord[], self: ServerId): Wish | undefined {
  const own = servers.find(({ id }) => id === self);
  if (!own) return undefined;
  if (own.state !== "ready") return free;
  const staying = servers.filter(({ state }) => state !== "draining");
  const newest = Math.max(...staying.map(({ generation }) => generation));
  const isEmpty = people(own) === 0;
  if (newest > own.generation) return { kind: isEmpty ? "free" : "held", successors: newest };
  if (isEmpty) return free;
  // Another revision of the same generation is the same game with other settings: nobody watches how it fares, so nobody is to be held for it.
  if (staying.some((other) => other.generation !== own.generation || other.revision !== own.revision)) return free;
  return staying.toSorted(emptiestFirst)[0] === own ? free : { kind: "kept" };
}

/** Players to move and people in rooms to hand over are mostly the same. */
function people({ players, sockets }: ServerRecord): number {
  return Math.max(players, sockets);
}

/** A server that only starts is as good as empty. */
function emptiestFirst(a: ServerRecord, b: ServerRecord): number {
  return people(a) - people(b) || (a.id < b.id ? -1 : 1);
}
