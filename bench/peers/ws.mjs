// The least that a server of this game can be: bare ws, our own bytes. Each tick is encoded once for a room, framed once, and the same
// buffer is written to the TCP socket of everybody whose socket has taken what was written before.
// node ws.mjs GAME_FILE
import { WebSocketServer } from "ws";

const { announce, decodeInput, encodeSnapshot, everyTick, GameRooms, KEYFRAME_INTERVAL_TICKS, viewOf } = await import(
  process.argv[2]
);

const REPORT_EVERY_TICKS = 15;
const BINARY_FINAL = 0x82;
const LENGTH_IN_16_BITS = 126;
const CLIENT_MESSAGE_MAX_BYTES = 4096;

function toFrame(payload) {
  const isLong = payload.length >= LENGTH_IN_16_BITS;
  const frame = Buffer.allocUnsafe((isLong ? 4 : 2) + payload.length);
  frame[0] = BINARY_FINAL;
  frame[1] = isLong ? LENGTH_IN_16_BITS : payload.length;
  if (isLong) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, isLong ? 4 : 2);
  return frame;
}

/** One room's players: the socket of each, what it has, and what to report of it. */
const players = new Map();

const rooms = new GameRooms((room) => {
  players.set(room, new Set());
  let base;
  everyTick(() => {
    const events = room.step();
    const view = viewOf(room.world);
    const listeners = players.get(room);
    const reports = reportsOf(listeners, view.tick);
    const content = { epoch: 1, rosterVersion: 1, view, events, reports };
    const delta =
      base && view.tick % KEYFRAME_INTERVAL_TICKS !== 0 ? toFrame(encodeSnapshot({ ...content, base })) : undefined;
    let keyframe;
    for (const player of listeners) {
      if (player.socket.bufferedAmount > 0) {
        player.hasBase = false;
        continue;
      }
      if (!delta || !player.hasBase) keyframe ??= toFrame(encodeSnapshot(content));
      player.tcp.write(delta && player.hasBase ? delta : keyframe);
      player.hasBase = true;
    }
    base = view;
  });
});

function reportsOf(listeners, tick) {
  const reports = [];
  for (const { seat, number } of listeners) {
    if (number > 0 && (tick + seat) % REPORT_EVERY_TICKS === 0) {
      reports.push({ seat, number, applied: number, marginTicks: 1 });
    }
  }
  return reports;
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload: CLIENT_MESSAGE_MAX_BYTES });
server.on("connection", (socket, request) => {
  const { room, seat } = rooms.enter();
  const player = { socket, tcp: request.socket, seat, number: 0, hasBase: false };
  players.get(room).add(player);
  socket.on("message", (bytes) => {
    const input = decodeInput(bytes);
    if (!input) return socket.close();
    player.number = input.number;
    room.steer(seat, input.controls);
  });
  socket.on("close", () => {
    players.get(room).delete(player);
    room.leave(seat);
  });
  socket.on("error", () => {}); // "close" follows
});
server.on("listening", () => announce(server.address().port));
