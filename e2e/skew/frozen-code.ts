// The types of a frozen version's code: those of today, since what differs is what the tests find out.

import type { socketIoDial } from "../../client/net/connect.ts";
import type { Session } from "../../client/netcode/session.ts";
import type * as protocol from "../../game/protocol/index.ts";
import type * as sim from "../../game/sim/index.ts";
import type { ClusterService } from "../../server/cluster/cluster-service.ts";
import type { decodeRelay, encodeRelay } from "../../server/cluster/envelope.ts";
import type { createRooms, GameServer } from "../../server/game-server.ts";
import type { PlayerTokens } from "../../server/gateway/player-token.ts";
import type { Metrics } from "../../server/metrics.ts";
import type { loadCheckpoint, saveCheckpoint } from "../../server/room/checkpoint.ts";
import type { RoomLoop } from "../../server/room/room-host.ts";

export interface FrozenCode {
  protocol: typeof protocol;
  sim: typeof sim;
  loadCheckpoint: typeof loadCheckpoint;
  saveCheckpoint: typeof saveCheckpoint;
  RoomLoop: typeof RoomLoop;
  ClusterService: typeof ClusterService;
  decodeRelay: typeof decodeRelay;
  encodeRelay: typeof encodeRelay;
  PlayerTokens: typeof PlayerTokens;
  createRooms: typeof createRooms;
  GameServer: typeof GameServer;
  Metrics: typeof Metrics;
  Session: typeof Session;
  socketIoDial: typeof socketIoDial;
}
