// Several servers in one process on virtual time: the production code of rooms and cluster, over memory instead of Redis. A Tab stands for
// a gateway's socket and the page behind it.

import { CODE_LENGTH, encodeInput, type RefusalCode } from "../../game/protocol/index.ts";
import { VirtualClock } from "../clock.ts";
import { RoomLoop } from "../room/room-host.ts";
import type { PlayerId, RoomCode, RoomFrame, RoomPort, SeatAnswer, ServerId } from "../room/room-port.ts";
import { ClusterService } from "./cluster-service.ts";
import { ARENA_SHIELD_MS } from "./lua.ts";
import { type MemoryBus, MemoryBusHub } from "./memory-bus.ts";
import { MemoryRedis } from "./memory-redis.ts";
import { MemoryStore } from "./memory-store.ts";
import { ProcessClock } from "./process-clock-for-tests.ts";
import type { RoomRecord, TakeoverAnswer } from "./store.ts";
import { noMetrics, silentLog } from "./telemetry.ts";

const STRIDE = 0.618033988749895;

export interface ServerCode {
  version: string;
  /** False for a version that does not know arenas. */
  areas?: boolean;
  RoomLoop: typeof RoomLoop;
  ClusterService: typeof ClusterService;
}

export const TODAY: ServerCode = { version: "v1", RoomLoop, ClusterService };

export interface TestServer {
  id: ServerId;
  areas?: boolean | undefined;
  cluster: ClusterService;
  rooms: RoomLoop;
  store: MemoryStore;
  bus: MemoryBus;
  /** Messages about rooms that went out, by kind. */
  sent: Map<string, number>;
  /** As kill -9: nothing more is done or said. */
  crash(): void;
  /** Cut off from Redis in both ways, or back. */
  setCut(cut: boolean): void;
}

export class TestCluster {
  readonly clock = new VirtualClock();
  readonly redis = new MemoryRedis(this.clock);
  readonly hub = new MemoryBusHub(this.clock);
  readonly servers: TestServer[] = [];
  /** What rooms threw. */
  readonly faults: unknown[] = [];
  #random = 0;

  /** `code`: what the server runs, so that one of another version can take part. */
  async start(id: string, code: ServerCode = TODAY): Promise<TestServer> {
    const clock = new ProcessClock(this.clock);
    const label = { id: id as ServerId, version: code.version };
    const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error: (error: unknown) => this.faults.push(error) };
    const rooms = new code.RoomLoop({ clock, owner: label, randomSeed: () => 7, observe: quiet });
    const store = new (code.areas === false ? StoreBeforeArenas : MemoryStore)(clock, this.redis);
    const bus = this.hub.connect();
    const sent = new Map<string, number>();
    const relayed = (direction: string, kind: string) => {
      if (direction === "out") sent.set(kind, (sent.get(kind) ?? 0) + 1);
    };
    const metrics = { ...noMetrics, relayed };
    // A golden-ratio walk: room codes that differ, and the same ones in every run.
    const random = () => {
      this.#random = (this.#random + STRIDE) % 1;
      return this.#random;
    };
    const deps = { clock, store, bus, host: rooms, self: label, generation: 1, random, log: silentLog, metrics };
    const cluster = new code.ClusterService(deps);
    const server: TestServer = {
      ...{ id: label.id, areas: code.areas, cluster, rooms, store, bus, sent },
      crash: () => {
        clock.stop();
        store.link = "refused";
        bus.cut = true;
        this.hub.disconnect(bus);
      },
      setCut: (cut) => {
        store.link = cut ? "refused" : "up";
        bus.cut = cut;
      },
    };
    this.servers.push(server);
    await cluster.start({
      address: `${id}:1`,
      revision: 0,
      sockets: () => 0,
      phase: () => "serving",
      arrived: () => 0,
    });
    cluster.setState("ready");
    return server;
  }

  /** The next room code is the same as the last one. */
  rollAgain(): void {
    this.#random = (this.#random + CODE_LENGTH * (1 - STRIDE)) % 1;
  }

  /** Redis goes away for everybody, or comes back; `wipe` empties it. */
  setRedisAway(away: boolean): void {
    for (const server of this.servers) server.setCut(away);
  }

  advance(durationMs: number): Promise<void> {
    return this.clock.advance(durationMs);
  }

  /** Moves time on while the promise settles. */
  async settle<Value>(promise: Promise<Value>, limitMs = 5000): Promise<Value> {
    let done = false;
    promise.then(
      () => {
        done = true;
      },
      () => {
        done = true;
      },
    );
    for (let passedMs = 0; !done && passedMs < limitMs; passedMs += 10) await this.advance(10);
    return promise;
  }
}

/** The page and socket of one player at one gateway. */
export class Tab {
  readonly player: PlayerId;
  readonly port: RoomPort;
  readonly connection: string;
  readonly frames: RoomFrame[] = [];
  readonly paths: { owner: string; epoch: number }[] = [];
  readonly lost: RefusalCode[] = [];
  closed: RefusalCode | undefined;
  readonly #request: Parameters<RoomPort["join"]>[0];
  #inputs = 0;

  constructor(
    server: Pick<TestServer, "id" | "areas">,
    port: RoomPort,
    player: string,
    connection = `${player}-socket`,
    replaces?: string,
  ) {
    this.player = player as PlayerId;
    this.port = port;
    this.connection = connection;
    this.#request = {
      player: this.player,
      name: player,
      gateway: server.id,
      connection,
      ...(server.areas !== false && { areas: true }),
      ...(replaces && { replaces }),
    };
    port.listen({
      frame: (frame) => this.frames.push(frame),
      // As the gateway does: an owner in this process hears of the seat from the socket, another one from the cluster.
      path: ({ owner, epoch }) => {
        this.paths.push({ owner: owner.id, epoch });
        if (owner.id === server.id) void port.join(this.#request);
      },
      closed: (code) => {
        this.closed = code;
      },
      seatLost: (_, code) => this.lost.push(code),
    });
  }

  join(): Promise<SeatAnswer> {
    return this.port.join(this.#request);
  }

  away(): void {
    this.port.away(this.player, this.#request.connection);
  }

  /** Sends the next input, for that tick. */
  steer(tick: number): void {
    const controls = { throttle: 7, rudder: 0, aim: 0, fire: false, lagTicks: 0 };
    this.port.input(this.player, encodeInput({ number: ++this.#inputs, tick, controls }));
  }

  get newest(): RoomFrame {
    const frame = this.frames.at(-1);
    if (!frame) throw new Error(`${this.player} has had no frame`);
    return frame;
  }
}

/** What a room knows of a player's inputs: received, and applied to the boat. */
export function inputsOf(
  server: Pick<TestServer, "id" | "rooms">,
  code: RoomCode,
  player: PlayerId,
): { received: number; applied: number } {
  const room = server.rooms.get(code);
  const index = room?.state.seats.findIndex((seat) => seat?.player === player) ?? -1;
  const seat = room?.state.seats[index];
  if (!room || !seat) throw new Error(`${player} has no seat in ${code} on ${server.id}`);
  return { received: seat.inputs.received, applied: room.state.world.boats[index]?.inputsApplied ?? 0 };
}

/** Redis as a version reads it that does not know arenas: their leases never run out (lua.ts). */
class StoreBeforeArenas extends MemoryStore {
  override async room(code: RoomCode): Promise<RoomRecord | undefined> {
    const record = await super.room(code);
    return record?.waters === "arena" ? { ...record, leaseLeftMs: record.leaseLeftMs + ARENA_SHIELD_MS } : record;
  }

  override async takeOver(...args: Parameters<MemoryStore["takeOver"]>): Promise<TakeoverAnswer> {
    const isArena = (await super.room(args[0]))?.waters === "arena";
    return isArena ? { taken: false, reason: "lease-held" } : super.takeOver(...args);
  }
}
