// What happens to running rooms when Redis goes away, comes back empty, is slow, or is out of reach for one server alone.

import { beforeEach, describe, expect, it } from "vitest";
import { type Cluster, ClusterUnavailable } from "./cluster.ts";
import { inputsOf, Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;
let ann: Tab;
let bob: Tab;

/** A room on `a`, with Ann at `a` and Bob at `b`. */
beforeEach(async () => {
  world = new TestCluster();
  a = await world.start("a");
  b = await world.start("b");
  await world.advance(2000);
  ann = new Tab(a, await a.cluster.quickPlay(), "ann");
  await ann.join();
  bob = new Tab(b, (await b.cluster.find(ann.port.code))!, "bob");
  await world.settle(bob.join());
  await world.advance(2000);
});

function owners(): string[] {
  return [a, b].filter((server) => server.rooms.get(ann.port.code)).map((server) => server.id);
}

describe("Redis gone for everybody", () => {
  beforeEach(() => world.setRedisAway(true));

  it("stops no room for the players on its owner, and moves none", async () => {
    const before = ann.newest.tick;
    await world.advance(10_000);
    expect(ann.newest.tick - before).toBeGreaterThanOrEqual(299);
    expect(owners()).toEqual(["a"]);
    expect(a.cluster.reachable).toBe(false);
    expect(ann.paths).toEqual([]);
  });

  it("lets quick play go on, in rooms that are announced when Redis is back", async () => {
    await world.advance(1000);
    const port = await b.cluster.quickPlay();
    const cid = new Tab(b, port, "cid");
    expect(await cid.join()).toMatchObject({ ok: true });
    expect(port.owner.id).toBe("b");
    world.setRedisAway(false);
    await world.advance(500);
    expect((await a.cluster.find(port.code))?.owner.id).toBe("b");
  });

  it("makes what cannot be known an error, and what is known here an answer", async () => {
    await world.advance(1000);
    await expect(b.cluster.find("ZZZZ" as never)).rejects.toBeInstanceOf(ClusterUnavailable);
    expect(await a.cluster.find(ann.port.code)).toBe(ann.port);
    await a.cluster.rememberRoomOf(ann.player, ann.port.code);
    expect(await a.cluster.lastRoomOf(ann.player)).toBe(ann.port.code);
  });

  it("then back empty: rooms are announced again, and remote players go on within two seconds", async () => {
    await world.advance(5000);
    world.redis.wipe();
    const before = bob.newest.tick;
    world.setRedisAway(false);
    await world.advance(2000);
    expect(bob.newest.tick).toBeGreaterThan(before + 100);
    expect(bob.newest.epoch).toBe(1);
    expect(bob.lost).toEqual([]);
    expect(owners()).toEqual(["a"]);
    const seats = a.rooms.get(ann.port.code)!.roster.seats;
    expect(seats.find((seat) => seat.name === "bob")).toMatchObject({ away: false });
    expect((await b.cluster.servers()).map((server) => server.id).sort()).toEqual(["a", "b"]);
  });

  it("then back with everything expired: nobody claims a room before its owner has had the time to return", async () => {
    await world.advance(5000);
    b.setCut(false);
    await world.advance(1000);
    a.setCut(false);
    await world.advance(3000);
    expect(owners()).toEqual(["a"]);
    expect(bob.newest.epoch).toBe(1);
  });
});

describe("scores", () => {
  const score = { name: "ann", score: 42, round: 1 };
  const top = async (cluster: Cluster) => (await cluster.hallOfFame())[0];

  function earn(server: TestServer): void {
    const room = server.rooms.get(ann.port.code)!;
    const seat = room.state.seats.findIndex((entry) => entry?.player === ann.player);
    room.state.world.boats[seat]!.score = score.score;
    room.reportScores();
  }

  it("are seen by every server", async () => {
    earn(a);
    await world.advance(6000);
    expect(await top(b.cluster)).toMatchObject({ name: "ann", score: 42 });
  });

  it("earned while Redis is away are kept, shown here, and written when it is back", async () => {
    world.setRedisAway(true);
    await world.advance(1000);
    earn(a);
    await world.advance(1000);
    expect(await top(a.cluster)).toMatchObject({ score: 42 });
    world.setRedisAway(false);
    await world.advance(6000);
    expect(await top(b.cluster)).toMatchObject({ score: 42 });
  });

  it("outlive a Redis that comes back empty", async () => {
    earn(a);
    await world.advance(100);
    world.redis.wipe();
    await world.advance(6000);
    expect(world.redis.hall()).toMatchObject([{ player: "ann", score: 42 }]);
  });
});

describe("one server cut off alone", () => {
  it("is forked, and the fork ends within two seconds of its return, with its players in the newer epoch", async () => {
    a.setCut(true);
    await world.advance(4000);
    expect(owners()).toEqual(["a", "b"]);
    expect(ann.newest.epoch).toBe(1);
    expect(bob.newest.epoch).toBe(2);
    a.setCut(false);
    await world.advance(2000);
    expect(owners()).toEqual(["b"]);
    expect(ann.newest.epoch).toBe(2);
    expect(ann.port.owner.id).toBe("b");
    expect(ann.lost).toEqual([]);
    const seats = b.rooms.get(ann.port.code)!.roster.seats;
    expect(seats.find((seat) => seat.name === "ann")).toMatchObject({ away: false });
  });

  it("keeps its rooms when no gateway elsewhere has players in them", async () => {
    bob.port.leave(bob.player);
    a.setCut(true);
    await world.advance(5000);
    a.setCut(false);
    await world.advance(2000);
    expect(owners()).toEqual(["a"]);
    expect(ann.newest.epoch).toBe(1);
  });

  it("cannot write scores of its fork", async () => {
    a.setCut(true);
    await world.advance(4000);
    const room = a.rooms.get(ann.port.code)!;
    room.state.world.boats[room.state.seats.findIndex((seat) => seat?.player === ann.player)]!.score = 99;
    room.reportScores();
    a.setCut(false);
    await world.advance(7000);
    expect(world.redis.hall()).toEqual([]);
  });
});

describe("a slow Redis", () => {
  it("of half a second costs no lease, no tick and no input", async () => {
    for (const server of world.servers) server.store.delayMs = 250;
    const before = ann.newest.tick;
    for (let sent = 0; sent < 50; sent++) {
      bob.steer(bob.newest.tick + 5);
      await world.advance(100);
    }
    await world.advance(500);
    expect(owners()).toEqual(["a"]);
    expect(a.cluster.reachable).toBe(true);
    expect(ann.newest.tick - before).toBeGreaterThanOrEqual(164);
    expect(inputsOf(a, bob.port.code, bob.player)).toEqual({ received: 50, applied: 50 });
    expect(bob.paths).toEqual([]);
  });

  it("that never answers is away after the command timeout", async () => {
    for (const server of world.servers) server.store.link = "silent";
    const before = ann.newest.tick;
    await world.advance(3000);
    expect(a.cluster.reachable).toBe(false);
    expect(ann.newest.tick - before).toBeGreaterThanOrEqual(89);
  });
});

describe("two rooms that got the same code while Redis was away", () => {
  it("become one when it is back: the one that was announced first; the other closes and says so", async () => {
    world.setRedisAway(true);
    await world.advance(1000);
    const other = await world.start("c");
    world.setRedisAway(true);
    const port = await b.cluster.quickPlay();
    const cid = new Tab(b, port, "cid");
    await cid.join();
    // The same code at another server, as if its dice had fallen the same.
    world.rollAgain();
    const twin = await other.cluster.quickPlay();
    expect(twin.code).toBe(port.code);
    const dan = new Tab(other, twin, "dan");
    await dan.join();
    world.setRedisAway(false);
    await world.advance(1000);
    expect([cid.closed, dan.closed].filter((code) => code === "room-closed")).toHaveLength(1);
    expect([b, other].filter((server) => server.rooms.get(port.code))).toHaveLength(1);
  });
});
