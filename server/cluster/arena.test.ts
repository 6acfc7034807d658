import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { viewOf } from "../../game/sim/index.ts";
import { ARENA_BOTS_FILL_TO_BOATS } from "../room/bots.ts";
import type { RoomPort } from "../room/room-port.ts";
import { inputsOf, Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { enter, largestStep } from "./shared-room-for-tests.ts";
import { HEARTBEAT_EXPIRY_MS, SILENCE_MS } from "./timing.ts";

const TICK_MS = 1000 / 30;
const TAKEOVER_MS = HEARTBEAT_EXPIRY_MS + SILENCE_MS + 1000;

let world: TestCluster;
let a: TestServer;
let b: TestServer;
beforeEach(async () => {
  world = new TestCluster();
  a = await world.start("a");
  b = await world.start("b");
  await world.advance(2000);
});
afterEach(() => expect(world.faults).toEqual([]));

const arenaAt = (server: TestServer): Promise<RoomPort> => world.settle(server.cluster.quickPlay("arena"));

describe("quick play in arenas", () => {
  it("makes one where there is none, and brings everybody together wherever they land", async () => {
    const ann = await enter(world, a, await arenaAt(a), "ann");
    await world.advance(400);
    expect(ann.port).toMatchObject({ waters: "arena", owner: { id: "a" } });
    expect((await arenaAt(b)).code).toBe(ann.port.code);
  });

  it("prefers the fullest arena, also to an emptier one here", async () => {
    world.setRedisAway(true);
    await world.advance(3000);
    const small = await enter(world, b, await arenaAt(b), "bob");
    const large = await enter(world, a, await arenaAt(a), "ann");
    await enter(world, a, large.port, "abe");
    world.setRedisAway(false);
    await world.advance(3000);
    expect(small.port.code).not.toBe(large.port.code);
    expect((await arenaAt(a)).code).toBe(large.port.code);
    expect((await arenaAt(b)).code).toBe(large.port.code);
  });

  it("works without Redis, with what is here", async () => {
    world.setRedisAway(true);
    await world.advance(3000);
    const ann = await enter(world, a, await arenaAt(a), "ann");
    expect((await arenaAt(a)).code).toBe(ann.port.code);
  });

  it("and ordinary quick play keep out of each other's rooms", async () => {
    await enter(world, a, await arenaAt(a), "ann");
    await world.advance(400);
    expect((await world.settle(a.cluster.quickPlay())).waters).toBe("basin");
    expect(await world.settle(b.cluster.company())).toBeUndefined();
    await world.advance(400);
    expect(await world.settle(b.cluster.quickPlayRemote())).toMatchObject({ waters: "basin" });
  });
});

describe("an arena", () => {
  it("is closed to pages that do not understand area frames, as if it were not there", async () => {
    const port = await arenaAt(a);
    const old = new Tab({ id: a.id, areas: false }, port, "old");
    expect(await world.settle(old.join())).toEqual({ ok: false, code: "unknown-room" });
    const far = new Tab({ id: b.id, areas: false }, (await world.settle(b.cluster.find(port.code)))!, "far");
    expect(await world.settle(far.join())).toEqual({ ok: false, code: "unknown-room" });
  });

  it("is told whole to a gateway elsewhere, tick by tick, and there is what it is at its owner", async () => {
    const ann = await enter(world, a, await arenaAt(a), "ann");
    const bob = await enter(world, b, (await world.settle(b.cluster.find(ann.port.code)))!, "bob");
    // One bot a tick.
    await world.advance(3000);
    const { state } = a.rooms.get(ann.port.code)!;
    for (let tick = 0; tick < 30; tick++) {
      ann.steer(ann.newest.tick + 4);
      bob.steer(bob.newest.tick + 4);
      await world.advance(TICK_MS);
      expect(bob.newest.content!().view).toEqual(viewOf(state.world));
    }
    expect(largestStep(bob)).toBe(1);
    expect(bob.newest.content!().view.boats.filter(Boolean)).toHaveLength(ARENA_BOTS_FILL_TO_BOATS);
  });

  it("asks its owner for a whole frame after a message was lost, and goes on", async () => {
    const ann = await enter(world, a, await arenaAt(a), "ann");
    const bob = await enter(world, b, (await world.settle(b.cluster.find(ann.port.code)))!, "bob");
    await world.advance(500);
    b.bus.cut = true;
    await world.advance(100);
    b.bus.cut = false;
    await world.advance(500);
    const { state } = a.rooms.get(ann.port.code)!;
    expect(bob.newest.tick).toBe(state.world.tick);
    expect(bob.newest.content!().view).toEqual(viewOf(state.world));
  });

  it("moves to another server between two ticks, and nobody misses one or loses an input", async () => {
    const ann = await enter(world, a, await arenaAt(a), "ann");
    const bob = await enter(world, b, (await world.settle(b.cluster.find(ann.port.code)))!, "bob");
    await world.advance(1000);
    const tabs = [ann, bob];
    for (let tick = 0; tick < 60; tick++) {
      for (const tab of tabs) tab.steer(tab.newest.tick + 6);
      if (tick === 30) void a.cluster.handOff(ann.port.code, b.id);
      await world.advance(TICK_MS);
    }
    await world.advance(500);
    expect(b.rooms.get(ann.port.code)).toBeDefined();
    expect(a.rooms.get(ann.port.code)).toBeUndefined();
    for (const tab of tabs) {
      expect(largestStep(tab)).toBe(1);
      expect(inputsOf(b, ann.port.code, tab.player)).toEqual({ received: 60, applied: 60 });
      expect([tab.closed, tab.lost]).toEqual([undefined, []]);
    }
    expect(ann.newest.content!().view).toEqual(viewOf(b.rooms.get(ann.port.code)!.state.world));
  });

  it("is taken over when its owner dies", async () => {
    const ann = await enter(world, a, await arenaAt(a), "ann");
    const bob = await enter(world, b, (await world.settle(b.cluster.find(ann.port.code)))!, "bob");
    await world.advance(2000);
    a.crash();
    await world.advance(TAKEOVER_MS);
    const room = b.rooms.get(ann.port.code)!;
    expect(room).toMatchObject({ waters: "arena", epoch: 2 });
    expect(room.tick).toBeGreaterThanOrEqual(bob.newest.tick);
    expect(bob.newest.epoch).toBe(2);
  });
});
