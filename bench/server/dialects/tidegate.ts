// A player of Tidegate, as its own client is one, in rooms of either kind. The first of each room also looks at what it is told.

import { SnapshotBuffer } from "../../../client/netcode/snapshot-buffer.ts";
import { readSnapshotHeader } from "../../../game/protocol/index.ts";
import { BarePlayer } from "../../common/bare-player.ts";
import type { Dialect, RoomMates, Seat } from "./dialect.ts";
import { labels } from "./labels.ts";

export const tidegate: Dialect = (port, room, { snapshot, closed }) => {
  const isFirst = room.code === undefined;
  const frame = (bytes: Buffer) => {
    snapshot();
    if (isFirst) room.tick = readSnapshotHeader(bytes)?.tick ?? room.tick;
  };
  return seat(port, room, { prefer: "local" }, { frame, closed });
};

export const tidegateArena: Dialect = (port, room, { snapshot, closed }) => {
  const buffer = room.code === undefined ? new SnapshotBuffer() : undefined;
  const frame = (bytes: Buffer, player: BarePlayer) => {
    snapshot();
    if (!buffer) return;
    const taken = buffer.take(Buffer.from(bytes), performance.now());
    if (taken.kind === "ignored" && taken.askKeyframe) player.event("keyframe");
    room.tick = buffer.newest?.tick ?? room.tick;
    room.sightings = buffer.sightings;
  };
  return seat(port, room, { waters: "arena" }, { frame, closed });
};

async function seat(
  port: number,
  room: RoomMates,
  quickPlay: { prefer?: "local"; waters?: "arena" },
  events: Parameters<typeof BarePlayer.join>[2],
): Promise<Seat> {
  const player = await BarePlayer.join(
    { port, transport: "plain", origin: `http://127.0.0.1:${port}` },
    { name: "Bench", ...(room.code === undefined ? quickPlay : { room: room.code }) },
    events,
    { areas: true },
  );
  room.code = player.welcome.room;
  const label = labels(room);
  return {
    socket: player.socket,
    index: player.welcome.seat,
    input: (controls) => player.input(label(), controls),
    leave: () => player.event("leave"),
    close: () => player.close(),
  };
}
