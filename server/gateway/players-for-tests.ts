// Players on virtual time, without Socket.IO: connections that keep what they hear, and a delivery that reaches them at once.

import { pino } from "pino";
import {
  type JoinAnswer,
  type JoinRequest,
  PROTOCOL_VERSION,
  type Refusal,
  type RefusalCode,
} from "../../game/protocol/index.ts";
import { VirtualClock } from "../clock.ts";
import { createRooms } from "../game-server.ts";
import { Metrics } from "../metrics.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import { MoveTickets } from "./move-ticket.ts";
import type { Delivery, PlayerSocket, ServerEvents } from "./player-socket.ts";
import { Players } from "./players.ts";
import { LoneCluster, SECRET } from "./server-for-tests.ts";
import type { Session } from "./session.ts";
import type { WireFrame } from "./snapshot-writer.ts";

export class TestSocket implements PlayerSocket {
  readonly id: string;
  readonly traceId = undefined;
  drained = true;
  frames = 0;
  snapshotBytes = 0;
  session: Session | undefined;
  readonly said: { [Name in keyof ServerEvents]: [Name, ServerEvents[Name]] }[keyof ServerEvents][] = [];
  room: RoomCode | undefined;
  isOpen = true;

  constructor(id: string) {
    this.id = id;
  }

  emit<Name extends keyof ServerEvents>(name: Name, value: ServerEvents[Name]): void {
    this.said.push([name, value] as never);
  }
  write({ payload }: WireFrame): void {
    this.frames++;
    this.snapshotBytes += payload.length;
  }
  enter(code: RoomCode): void {
    this.room = code;
  }
  leave(): void {
    this.room = undefined;
  }
  close(): void {
    this.end(true);
  }

  /** The connection ends, by the server or by the player. */
  end(byServer = false): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.session?.ended("closed", byServer);
  }

  join(request: Partial<JoinRequest> = {}): Promise<JoinAnswer> {
    return new Promise((resolve) => void this.session!.join({ name: "Ann", ...request }, resolve));
  }

  /** Codes that the server gave for closing. */
  get closing(): RefusalCode[] {
    return this.said.filter(([name]) => name === "closing").map(([, value]) => (value as Refusal).code);
  }
  get tickets(): string[] {
    return this.said.filter(([name]) => name === "move").map(([, value]) => (value as ServerEvents["move"]).ticket);
  }
}

export interface PlayersUnderTest {
  clock: VirtualClock;
  players: Players;
  cluster: LoneCluster;
  metrics: Metrics;
  sockets: TestSocket[];
  tickets: MoveTickets;
  draining: boolean;
  /** A connection of a new player, or of the one that has that token. */
  connect(token?: string, protocol?: number): Promise<TestSocket>;
  /** Time goes on; cryptography, which takes real time, is waited for. */
  advance(durationMs: number): Promise<void>;
  close(): void;
}

export function makePlayers(): PlayersUnderTest {
  const clock = new VirtualClock();
  const log = pino({ level: "silent" });
  const self = { id: "server-1" as ServerId, version: "v1" };
  const metrics = new Metrics({ server: self.id, version: self.version });
  const rooms = createRooms({ self, clock, log, metrics });
  const cluster = new LoneCluster(rooms);
  const test = { clock, cluster, metrics, sockets: [], draining: false } as unknown as PlayersUnderTest;
  const end = (found: TestSocket[], code: RefusalCode) => {
    for (const socket of found) socket.emit("closing", { code, message: "" });
    for (const socket of found) socket.end(true);
  };
  const delivery: Delivery = {
    roster: () => {},
    endAll: (player, keep, code) => end(othersOf(player, keep), code),
    endElsewhere: (player, room, keep, code) =>
      end(
        othersOf(player, keep).filter((socket) => socket.room !== room),
        code,
      ),
    end: (connection, code) =>
      end(
        test.sockets.filter(({ id, isOpen }) => isOpen && id === connection),
        code,
      ),
  };
  const othersOf = (player: PlayerId, keep: readonly string[]) =>
    test.sockets.filter(({ id, session, room, isOpen }) => {
      return isOpen && room !== undefined && session?.player === player && !keep.includes(id);
    });
  let made = 0;
  test.tickets = new MoveTickets(SECRET, clock);
  test.players = new Players({
    ...{ self, generation: 7, cluster, clock, log, metrics, delivery, tickets: test.tickets },
    tokens: { sign: async (player) => `token of ${player}`, verify: async (token) => token.slice(9) as PlayerId },
    random: () => 0.5,
    newPlayerId: () => `player-${++made}` as PlayerId,
    isDraining: () => test.draining,
  });
  test.connect = async (token, protocol = PROTOCOL_VERSION) => {
    const admission = await test.players.admit({
      protocol,
      build: "test",
      areas: true,
      ...(token !== undefined && { token }),
    });
    const socket = new TestSocket(`socket-${test.sockets.length + 1}`);
    socket.session = test.players.open(socket, admission);
    test.sockets.push(socket);
    return socket;
  };
  test.advance = (durationMs) => clock.advance(durationMs);
  test.close = () => {
    test.players.close();
    rooms.close();
    metrics.close();
  };
  return test;
}
