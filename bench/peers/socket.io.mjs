// Socket.IO as its tutorials have it: a room, an event with the whole state as an object, in every tick.
// node socket.io.mjs GAME_FILE [msgpack]
import { createServer } from "node:http";
import { Server } from "socket.io";

const { announce, everyTick, GameRooms, viewOf } = await import(process.argv[2]);

const http = createServer();
const io = new Server(http, process.argv[3] === "msgpack" ? { parser: await import("socket.io-msgpack-parser") } : {});

const rooms = new GameRooms((room) => {
  const name = `room ${rooms.rooms.length}`;
  names.set(room, name);
  everyTick(() => {
    const events = room.step();
    io.to(name).emit("state", { ...viewOf(room.world), events });
  });
});
const names = new Map();

io.on("connection", (socket) => {
  const { room, seat } = rooms.enter();
  socket.join(names.get(room));
  socket.on("input", ({ throttle, rudder, aim, fire, lagTicks }) => {
    room.steer(seat, { throttle, rudder, aim, fire, lagTicks });
  });
  socket.on("disconnect", () => room.leave(seat));
});
http.listen(0, "127.0.0.1", () => announce(http.address().port));
