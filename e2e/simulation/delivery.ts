// Messages to connections by room and player over all servers, as Socket.IO's adapter brings them: here at once, elsewhere through Redis,
// and nowhere else while Redis is away.

import { type RefusalCode, refusal } from "../../game/protocol/index.ts";
import type { Bus } from "../../server/cluster/bus.ts";
import type { Delivery } from "../../server/gateway/player-socket.ts";
import type { PlayerId, RoomCode, ServerId } from "../../server/room/room-port.ts";
import type { RosterNews } from "../../server/room/roster-news.ts";
import type { Line } from "./line.ts";

const CHANNEL = "tidegate:sockets";

type Message =
  | { kind: "roster"; code: RoomCode; news: RosterNews }
  | { kind: "end-player"; player: PlayerId; room?: RoomCode; keep: readonly string[]; code: RefusalCode }
  | { kind: "end"; connection: string; code: RefusalCode };

export function deliveryOver(bus: Bus, self: ServerId, lines: () => Iterable<Line>): Delivery {
  const receive = (message: Message) => {
    for (const line of [...lines()]) deliver(line, message);
  };
  void bus.subscribe(CHANNEL, (bytes) => {
    const { from, message } = JSON.parse(new TextDecoder().decode(bytes)) as { from: ServerId; message: Message };
    if (from !== self) receive(message);
  });
  const send = (message: Message) => {
    receive(message);
    bus.publish(CHANNEL, new TextEncoder().encode(JSON.stringify({ from: self, message })));
  };
  return {
    roster: (code, news) => send({ kind: "roster", code, news }),
    endAll: (player, keep, code) => send({ kind: "end-player", player, keep, code }),
    endElsewhere: (player, room, keep, code) => send({ kind: "end-player", player, room, keep, code }),
    end: (connection, code) => send({ kind: "end", connection, code }),
  };
}

function deliver(line: Line, message: Message): void {
  switch (message.kind) {
    case "roster":
      if (line.room !== message.code) return;
      if (message.news.kind === "whole") line.emit("roster", message.news.roster);
      else line.emit("roster-change", message.news.change);
      return;
    case "end-player":
      if (line.player !== message.player || line.room === message.room || message.keep.includes(line.id)) return;
      hangUp(line, message.code);
      return;
    case "end":
      if (line.id === message.connection) hangUp(line, message.code);
  }
}

function hangUp(line: Line, code: RefusalCode): void {
  line.emit("closing", refusal(code));
  line.close();
}
