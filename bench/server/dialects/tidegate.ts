// A player of Tidegate, as its own client is one.
import { readSnapshotHeader } from "../../../game/protocol/index.ts";
import { BarePlayer } from "../../common/bare-player.ts";
import type { Dialect } from "./dialect.ts";
import { labels } from "./labels.ts";

export const tidegate: Dialect = async (port, room, { snapshot, closed }) => {
  const isFirst = room.code === undefined;
  const player = await BarePlayer.join(
    { port, transport: "plain", origin: `http://127.0.0.1:${port}` },
    { name: "Bench", ...(room.code === undefined ? { prefer: "local" } : { room: room.code }) },
    {
      frame: (bytes) => {
        snapshot();
        if (isFirst) room.tick = readSnapshotHeader(bytes)?.tick ?? room.tick;
      },
      closed,
    },
  );
  room.code = player.welcome.room;
  const label = labels(room);
  return {
    socket: player.socket,
    input: (controls) => player.input(label(), controls),
    leave: () => player.event("leave"),
    close: () => player.close(),
  };
};
