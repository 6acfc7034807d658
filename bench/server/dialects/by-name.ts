// Who speaks what.
import type { ContestantName } from "../plan.ts";
import { colyseus } from "./colyseus.ts";
import type { Dialect } from "./dialect.ts";
import { socketIo, socketIoMsgpack } from "./socket-io.ts";
import { tidegate } from "./tidegate.ts";
import { ws } from "./ws.ts";

export const DIALECTS: Readonly<Record<ContestantName, Dialect>> = {
  tidegate,
  ws,
  colyseus,
  "socket.io": socketIo,
  "socket.io-msgpack": socketIoMsgpack,
};
