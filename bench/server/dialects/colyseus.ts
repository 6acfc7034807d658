// A player of Colyseus: a seat by its matchmaker, then its binary messages.
import { OPCODES } from "../../common/web-socket-frames.ts";
import { msgpack } from "../msgpack.ts";
import { type Dialect, RawSocket } from "./dialect.ts";

const JOIN_ROOM = 10;
const LEAVE_ROOM = 12;
const ROOM_DATA = 13;
const ROOM_STATE = 14;
const ROOM_STATE_PATCH = 15;

interface Reservation {
  readonly roomId: string;
  readonly sessionId: string;
  readonly processId: string;
}

export const colyseus: Dialect = async (port, _room, { snapshot, closed }) => {
  const { roomId, sessionId, processId } = await reserve(port);
  const joined = Uint8Array.of(JOIN_ROOM);
  const onMessage = (_opcode: number, payload: Buffer) => {
    if (payload[0] === ROOM_STATE_PATCH) snapshot();
    if (payload[0] === JOIN_ROOM) raw.then((open) => open.write(OPCODES.binary, joined));
    return payload[0] === JOIN_ROOM || payload[0] === ROOM_STATE;
  };
  const raw = RawSocket.open(port, `/${processId}/${roomId}?sessionId=${sessionId}`, onMessage, closed);
  const open = await raw;
  let number = 0;
  return {
    socket: open.socket,
    input: (controls) => {
      const message = [ROOM_DATA, ...msgpack("input"), ...msgpack({ number: ++number, ...controls })];
      open.write(OPCODES.binary, Uint8Array.from(message));
    },
    leave: () => open.write(OPCODES.binary, Uint8Array.of(LEAVE_ROOM)),
    close: () => open.close(),
  };
};

async function reserve(port: number): Promise<Reservation> {
  const answer = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/basin`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`Colyseus has no seat: ${answer.status} ${JSON.stringify(said)}`);
  return said as Reservation;
}
