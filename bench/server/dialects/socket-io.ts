// A player of a plain Socket.IO server, with its default parser and with msgpack.
import type { Socket } from "node:net";
import { clientFrame, clientText, OPCODES } from "../../common/web-socket-frames.ts";
import { msgpack } from "../msgpack.ts";
import { type Dialect, RawSocket } from "./dialect.ts";

const PATH = "/socket.io/?EIO=4&transport=websocket";
const ENGINE = { open: "0", ping: "2", pong: "3", message: "4" } as const;
const CONNECT = 0;
const EVENT = 2;
const CONNECT_TEXT = `${ENGINE.message}${CONNECT}`;
const EVENT_TEXT = `${ENGINE.message}${EVENT}`;

export const socketIo: Dialect = async (port, _room, { snapshot, closed }) => {
  const onMessage = (_opcode: number, payload: Buffer, socket: Socket) => {
    const head = payload.toString("latin1", 0, 2);
    if (head === EVENT_TEXT) snapshot();
    else answerEngine(head, socket, clientText(CONNECT_TEXT));
    return head === CONNECT_TEXT;
  };
  const raw = await RawSocket.open(port, PATH, onMessage, closed);
  let number = 0;
  return {
    socket: raw.socket,
    input: (controls) => {
      const event = JSON.stringify(["input", { number: ++number, ...controls }]);
      raw.socket.write(clientText(`${EVENT_TEXT}${event}`));
    },
    leave: () => {},
    close: () => raw.close(),
  };
};

export const socketIoMsgpack: Dialect = async (port, _room, { snapshot, closed }) => {
  const connect = clientFrame(OPCODES.binary, Uint8Array.from(msgpack({ type: CONNECT, nsp: "/" })));
  let isConnected = false;
  const onMessage = (opcode: number, payload: Buffer, socket: Socket) => {
    if (opcode === OPCODES.text) answerEngine(payload.toString("latin1", 0, 2), socket, connect);
    else if (isConnected) snapshot();
    else isConnected = true;
    return isConnected;
  };
  const raw = await RawSocket.open(port, PATH, onMessage, closed);
  let number = 0;
  return {
    socket: raw.socket,
    input: (controls) => {
      const data = ["input", { number: ++number, ...controls }];
      raw.write(OPCODES.binary, Uint8Array.from(msgpack({ type: EVENT, data, nsp: "/" })));
    },
    leave: () => {},
    close: () => raw.close(),
  };
};

/** Below Socket.IO: opening, and the heartbeat. */
function answerEngine(head: string, socket: Socket, connect: Buffer): void {
  if (head.startsWith(ENGINE.open)) socket.write(connect);
  else if (head === ENGINE.ping) socket.write(clientText(ENGINE.pong));
}
