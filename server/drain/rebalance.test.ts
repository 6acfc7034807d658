import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { ServerRecord } from "../cluster/cluster.ts";
import type { ServerId } from "../room/room-port.ts";
import type { RoomToMove } from "./heirs.ts";
import { MOVED_LATELY_MS, type Movable, Rebalance } from "./rebalance.ts";
import { room, server } from "./records-for-tests.ts";

/** Heartbeats reach the registry this often. */
const BEAT_MS = 300;
const MINUTE_MS = 60_000;

class TestPlayer implements Movable {
  isMovable = true;
  movedAtMs = Number.NEGATIVE_INFINITY;
  moves = 0;
  home: TestServer;

  constructor(home: TestServer) {
    this.home = home;
  }
  get movedAgoMs(): number {
    return clock.now() - this.movedAtMs;
  }
  async offerMove(): Promise<void> {
    clock.after(100, () => {
      const next = balancer();
      this.home.players.delete(this);
      next.players.add(this);
      this.home = next;
      this.movedAtMs = clock.now();
      this.moves += 1;
    });
  }
}

class TestServer {
  readonly id: ServerId;
  readonly players = new Set<TestPlayer>();
  rooms: RoomToMove[] = [];
  record: ServerRecord;
  readonly rebalance: Rebalance;

  constructor(id: string, sockets: number) {
    this.id = id as ServerId;
    for (let index = 0; index < sockets; index++) this.players.add(new TestPlayer(this));
    this.record = server(id);
    this.rebalance = new Rebalance({
      ...{ clock, log: { info() {} }, self: this.id, rooms: () => this.rooms, sessions: () => [...this.players] },
      cluster: {
        servers: async () => {
          if (redisIsAway) throw new Error("Redis");
          return fleet.map(({ record }) => record);
        },
        handOff: async (code, heir) => {
          const moved = this.rooms.find((one) => one.code === code)!;
          this.rooms = this.rooms.filter((one) => one !== moved);
          fleet.find(({ id: other }) => other === heir)!.rooms.push(moved);
          handOffs.push(`${code} ${this.id} ${heir}`);
          return "handed-off";
        },
      },
    });
    this.rebalance.start();
    this.#beat();
  }

  #beat(): void {
    const players = this.rooms.reduce((sum, one) => sum + one.players, 0);
    this.record = { ...this.record, sockets: this.players.size, players, rooms: this.rooms.length };
    clock.after(BEAT_MS, () => this.#beat());
  }
}

let clock: VirtualClock;
let fleet: TestServer[];
let handOffs: string[];
let redisIsAway: boolean;
/** Where the load balancer sends a new connection. */
let balancer: () => TestServer;

beforeEach(() => {
  clock = new VirtualClock();
  [fleet, handOffs, redisIsAway] = [[], [], false];
  balancer = () => fleet.toSorted((a, b) => a.players.size - b.players.size)[0]!;
});

function start(...sockets: number[]): void {
  for (const count of sockets) fleet.push(new TestServer(`s${fleet.length}`, count));
}

const counts = () => fleet.map(({ players }) => players.size);
const moves = () => fleet.flatMap(({ players }) => [...players]).map((player) => player.moves);

describe("after a scale-out", () => {
  it("the new servers get their share of the players, and nobody is moved twice", async () => {
    start(20, 20, 20);
    await clock.advance(MINUTE_MS);
    expect(counts()).toEqual([20, 20, 20]);
    start(0, 0);
    await clock.advance(MINUTE_MS);
    expect(Math.max(...counts())).toBeLessThanOrEqual(1.5 * 12);
    expect(Math.max(...moves())).toBe(1);
    const settled = counts();
    await clock.advance(10 * MINUTE_MS);
    expect(counts()).toEqual(settled);
  });

  it("rooms go where that leaves the fullest server with less, once each", async () => {
    start(0, 0, 0);
    for (const one of fleet) one.rooms = [room(`${one.id}A`, 8), room(`${one.id}B`, 8), room(`${one.id}C`, 4)];
    start(0, 0);
    await clock.advance(2 * MINUTE_MS);
    const people = fleet.map(({ rooms }) => rooms.reduce((sum, one) => sum + one.players, 0));
    expect(people.reduce((sum, count) => sum + count)).toBe(60);
    expect(Math.max(...people)).toBeLessThanOrEqual(1.5 * 12);
    expect(new Set(handOffs.map((said) => said.slice(0, 3))).size).toBe(handOffs.length);
  });
});

describe("rebalancing", () => {
  it("leaves servers alone that are not of one generation, or not all ready", async () => {
    start(30, 0);
    fleet[1]!.record = { ...fleet[1]!.record, generation: 2 };
    await clock.advance(MINUTE_MS);
    expect(counts()).toEqual([30, 0]);
    fleet[1]!.record = { ...fleet[1]!.record, generation: 1, state: "draining" };
    await clock.advance(MINUTE_MS);
    expect(counts()).toEqual([30, 0]);
  });

  it("stops in the middle when a new generation comes up: a deploy moves everybody anyway", async () => {
    start(100, 0);
    while (moves().every((count) => count === 0)) await clock.advance(100);
    const before = counts();
    start(0);
    fleet[2]!.record = { ...fleet[2]!.record, generation: 2 };
    await clock.advance(MINUTE_MS);
    expect(before[0]! - counts()[0]!).toBeLessThanOrEqual(2);
  });

  it("moves nobody who was moved lately, or whose page knows no moves", async () => {
    start(30, 0);
    const [old, ...others] = fleet[0]!.players;
    old!.isMovable = false;
    for (const player of others) player.movedAtMs = clock.now();
    await clock.advance(MOVED_LATELY_MS - 1000);
    expect(counts()).toEqual([30, 0]);
    await clock.advance(MINUTE_MS);
    expect(Math.max(...counts())).toBeLessThanOrEqual(18);
    expect(old!.moves).toBe(0);
  });

  it("gives up more and more when the load balancer sends players somewhere else", async () => {
    start(20, 0);
    balancer = () => fleet[0]!;
    await clock.advance(30 * MINUTE_MS);
    expect(Math.max(...moves())).toBeLessThanOrEqual(10);
  });

  it("waits while Redis is away, and ends when it is closed", async () => {
    start(20, 0);
    redisIsAway = true;
    await clock.advance(MINUTE_MS);
    redisIsAway = false;
    for (const one of fleet) one.rebalance.close();
    await clock.advance(MINUTE_MS);
    expect(counts()).toEqual([20, 0]);
  });

  it("never sets the same players going to and fro, whoever comes and goes", async () => {
    start(12, 12, 12);
    for (let round = 0; round < 30; round++) {
      const from = fleet[(round * 7) % 3]!;
      const to = fleet[(round * 5 + 1) % 3]!;
      for (const player of [...from.players].slice(0, 3)) {
        from.players.delete(player);
        const fresh = new TestPlayer(to);
        to.players.add(fresh);
      }
      await clock.advance(10_000);
    }
    expect(Math.max(...moves())).toBeLessThanOrEqual(2);
  });
});
