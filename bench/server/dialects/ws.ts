// A player of the bare ws server: our own frames, and nothing else.
import { encodeInput, readSnapshotHeader } from "../../../game/protocol/index.ts";
import { OPCODES } from "../../common/web-socket-frames.ts";
import { type Dialect, RawSocket } from "./dialect.ts";
import { labels } from "./labels.ts";

export const ws: Dialect = async (port, room, { snapshot, closed }) => {
  const isFirst = room.code === undefined;
  room.code = "first";
  const onMessage = (_opcode: number, payload: Buffer) => {
    snapshot();
    if (isFirst) room.tick = readSnapshotHeader(payload)?.tick ?? room.tick;
    return true;
  };
  const raw = await RawSocket.open(port, "/", onMessage, closed);
  const label = labels(room);
  let number = 0;
  return {
    socket: raw.socket,
    input: (controls) => raw.write(OPCODES.binary, encodeInput({ number: ++number, tick: label(), controls })),
    leave: () => {},
    close: () => raw.close(),
  };
};
