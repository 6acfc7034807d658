// A whole server on a loopback port for tests, with a cluster that consists of it alone, and a client of raw WebSocket frames.

import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import WebSocket from "ws";
import { decodePacket, encodeInput, encodePacket, type Packet, PROTOCOL_VERSION } from "../../game/protocol/index.ts";
import { type Controls, neutralControls } from "../../game/sim/index.ts";
import { systemClock } from "../clock.ts";
import { type Cluster, ClusterUnavailable } from "../cluster/cluster.ts";
import { createRooms, GameServer, type GameServerOptions } from "../game-server.ts";
import { Metrics } from "../metrics.ts";
import type { RoomLoop } from "../room/room-host.ts";
import type { PlayerId, RoomCode, RoomPort, ServerId } from "../room/room-port.ts";

export const SECRET = "a secret of at least thirty-two characters";
const SELF = { id: "server-1" as ServerId, version: "v1" };

/** Everything a cluster says, for one server: no Redis, no relay. */
export class LoneCluster implements Cluster {
  reachable = true;
  state = "starting";
  readonly remembered = new Map<PlayerId, RoomCode>();
  readonly others = new Map<RoomCode, RoomPort>();
  readonly rooms: RoomLoop;
  #made = 0;

  constructor(rooms: RoomLoop) {
    this.rooms = rooms;
  }

  async start(): Promise<void> {}
  async close(): Promise<void> {}

  setState(state: string): void {
    this.state = state;
  }

  async handOff(code: RoomCode) {
    return this.rooms.get(code) ? ("refused" as const) : ("not-here" as const);
  }

  async find(code: RoomCode): Promise<RoomPort | undefined> {
    if (!this.reachable) throw new ClusterUnavailable("away");
    return this.others.get(code) ?? this.rooms.get(code);
  }

  async quickPlay(): Promise<RoomPort> {
    const open = this.rooms.list().find((room) => room.freeSeats > 0);
    return open ?? this.rooms.create(`QK${"ABCDEFGH"[this.#made++]}A` as RoomCode, 1);
  }

  async company(): Promise<RoomPort | undefined> {
    return undefined;
  }

  async quickPlayRemote(): Promise<RoomPort | undefined> {
    return [...this.others.values()][0];
  }

  async lastRoomOf(player: PlayerId): Promise<RoomCode | undefined> {
    return this.remembered.get(player);
  }

  async rememberRoomOf(player: PlayerId, code: RoomCode): Promise<void> {
    this.remembered.set(player, code);
  }

  async hallOfFame() {
    return [{ name: "ann", score: 9, at: "2026-01-01T00:00:00.000Z" }];
  }

  async servers() {
    return [];
  }
}

export interface ServerUnderTest {
  server: GameServer;
  cluster: LoneCluster;
  rooms: RoomLoop;
  metrics: Metrics;
  url: string;
  close(): Promise<void>;
}

export async function startServer(options: Partial<GameServerOptions> = {}): Promise<ServerUnderTest> {
  const log = pino({ level: "silent" });
  const metrics = new Metrics({ server: SELF.id, version: SELF.version });
  const rooms = createRooms({ self: SELF, clock: systemClock, log, metrics });
  const cluster = new LoneCluster(rooms);
  const server = new GameServer({
    self: SELF,
    generation: 1,
    host: "127.0.0.1",
    port: 0,
    sessionSecret: SECRET,
    allowedOrigins: [],
    clock: systemClock,
    log,
    metrics,
    rooms,
    cluster,
    times: { deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, pollMs: 500, propagationLagMs: 0 },
    ...options,
  });
  await server.start();
  const close = async () => void (await server.close());
  return { server, cluster, rooms, metrics, url: `ws://127.0.0.1:${server.port}`, close };
}

interface Events {
  packet: [Packet];
  binary: [Buffer];
  /** WebSocket's close code. */
  closed: [number];
}

/** What a client says when it introduces itself. */
export interface Introduction {
  token?: string;
  headers?: Record<string, string>;
  protocol?: number;
}

/** Speaks Engine.IO and Socket.IO by hand, so that it can also speak them wrongly. */
export class RawClient extends EventEmitter<Events> {
  readonly socket: WebSocket;
  readonly packets: Packet[] = [];
  readonly binaries: Buffer[] = [];
  closeCode: number | undefined;
  #acks = 0;

  constructor(url: string, headers: Record<string, string> = {}) {
    super();
    this.socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, { headers });
    this.socket.on("error", () => {}); // A refused upgrade shows in `closed` as well.
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.emit("closed", code);
    });
    this.socket.on("message", (data: Buffer, isBinary) => this.#read(data, isBinary));
  }

  /** Connected as far as Socket.IO's answer to Hello: CONNECT (0) or CONNECT_ERROR (4). */
  static async introduced(url: string, introduction: Introduction = {}): Promise<RawClient> {
    const client = new RawClient(url, introduction.headers);
    await once(client.socket, "open");
    client.packet({
      type: 0,
      nsp: "/",
      data: { protocol: introduction.protocol ?? PROTOCOL_VERSION, build: "test", token: introduction.token },
    });
    await client.until((packet) => packet.type === 0 || packet.type === 4);
    return client;
  }

  packet(packet: Packet): void {
    this.raw(`4${encodePacket(packet) as string}`);
  }

  event(name: string, ...args: unknown[]): void {
    this.packet({ type: 2, nsp: "/", data: [name, ...args] });
  }

  raw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server said
  async ask(name: string, ...args: unknown[]): Promise<any> {
    const id = this.#acks++;
    this.packet({ type: 2, nsp: "/", id, data: [name, ...args] });
    const packet = await this.until((found) => found.type === 3 && found.id === id);
    return (packet.data as unknown[])[0];
  }

  input(number: number, tick: number, controls: Partial<Controls> = {}): void {
    this.raw(encodeInput({ number, tick, controls: { ...neutralControls, ...controls } }));
  }

  /** The first packet, past or coming, that fits. */
  async until(fits: (packet: Packet) => boolean): Promise<Packet> {
    for (;;) {
      const found = this.packets.find(fits);
      if (found) return found;
      if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode} before the packet came`);
      await this.#next("packet");
    }
  }

  /** The code that the server gave before it hung up. */
  async closingCode(): Promise<string> {
    const packet = await this.until((found) => eventName(found) === "closing");
    await this.closed();
    return (packet.data as [string, { code: string }])[1].code;
  }

  async closed(): Promise<number> {
    if (this.closeCode === undefined) await once(this, "closed");
    return this.closeCode!;
  }

  async frames(count: number): Promise<Buffer[]> {
    const from = this.binaries.length;
    while (this.binaries.length < from + count) {
      if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode} before the frame came`);
      await this.#next("binary");
    }
    return this.binaries.slice(from);
  }

  /** Waits for the event or the end. */
  async #next(name: "packet" | "binary"): Promise<void> {
    const { promise, resolve } = promiseWithResolvers();
    this.once(name, resolve).once("closed", resolve);
    await promise;
    this.off(name, resolve).off("closed", resolve);
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.binaries.push(data);
      this.emit("binary", data);
      return;
    }
    const text = data.toString();
    if (text === "2") this.raw("3");
    if (text[0] !== "4") return;
    const packet = decodePacket(text.slice(1));
    this.packets.push(packet);
    this.emit("packet", packet);
  }
}

function promiseWithResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = () => done();
  });
  return { promise, resolve };
}

export function eventName(packet: Packet): unknown {
  return packet.type === 2 ? (packet.data as unknown[])[0] : undefined;
}
