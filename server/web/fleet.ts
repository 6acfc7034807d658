// All servers in one answer, from the registry: for a rollout that cannot reach each of them.

import { type Cluster, ClusterUnavailable, type ServerRecord } from "../cluster/cluster.ts";
import type { Answer } from "./http-server.ts";

const away: Answer = {
  status: 503,
  json: { error: "unavailable", message: "The registry of servers cannot be read now." },
};

/** 503 while Redis is away. */
export async function fleetAnswer(cluster: Pick<Cluster, "servers">): Promise<Answer> {
  try {
    return { status: 200, json: { servers: (await cluster.servers()).map(asTold) } };
  } catch (error) {
    if (error instanceof ClusterUnavailable) return away;
    throw error;
  }
}

function asTold({ id, version, generation, state, phase, sockets, rooms, arrived, address }: ServerRecord) {
  // A server of the version before does not say how far it has come.
  const exact = state === "draining" && phase !== "" ? phase : state;
  return { id, version, generation, state: exact, players: sockets, rooms, arrived, address };
}
