import { beforeEach, describe, expect, it } from "vitest";
import type { RoomPort } from "../room/room-port.ts";
import { ClusterUnavailable } from "./cluster.ts";
import { inputsOf, Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { CROWDED_FROM_PLAYERS } from "./limits.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;

beforeEach(async () => {
  world = new TestCluster();
  a = await world.start("a");
  b = await world.start("b");
  await world.advance(2000);
});

async function enter(server: TestServer, port: RoomPort, player: string): Promise<Tab> {
  const tab = new Tab(server, port, player);
  expect(await world.settle(tab.join())).toMatchObject({ ok: true });
  return tab;
}

/** A room on `a` with Ann at `a` and Bob at `b`. */
async function share(): Promise<{ ann: Tab; bob: Tab }> {
  const ann = await enter(a, await a.cluster.quickPlay(), "ann");
  const bob = await enter(b, (await b.cluster.find(ann.port.code))!, "bob");
  await world.advance(500);
  return { ann, bob };
}

/** Lets the tabs play on their own clocks, ten inputs a second, whether frames come or not. Answers how many each has sent. */
async function play(tabs: Tab[], durationMs: number): Promise<number> {
  const starts = tabs.map((tab) => tab.newest.tick);
  const inputs = durationMs / 100;
  for (let sent = 0; sent < inputs; sent++) {
    for (const [index, tab] of tabs.entries()) tab.steer(starts[index]! + 5 + 3 * sent);
    await world.advance(100);
  }
  return inputs;
}

describe("rooms of one server", () => {
  it("quick play makes a room when there is none, and fills it before it makes another", async () => {
    const first = await a.cluster.quickPlay();
    const tab = await enter(a, first, "ann");
    expect((await a.cluster.quickPlay()).code).toBe(first.code);
    expect(tab.port.owner.id).toBe("a");
    expect(tab.port.epoch).toBe(1);
  });

  it("two who come at the same moment get the same new room", async () => {
    const [one, two] = await Promise.all([a.cluster.quickPlay(), a.cluster.quickPlay()]);
    expect(one).toBe(two);
  });

  it("nothing about a room without remote players is published", async () => {
    await enter(a, await a.cluster.quickPlay(), "ann");
    a.sent.clear();
    await world.advance(2000);
    expect(Object.fromEntries(a.sent)).toEqual({});
  });

  it("the registry tells every server's load", async () => {
    await enter(a, await a.cluster.quickPlay(), "ann");
    await world.advance(400);
    const servers = await b.cluster.servers();
    expect(servers).toContainEqual({
      id: "a",
      address: "a:1",
      sockets: 0,
      version: "v1",
      generation: 1,
      state: "ready",
      players: 1,
      rooms: 1,
      arenas: true,
      ...{ revision: 0, phase: "serving", arrived: 0 },
    });
    expect(servers).toContainEqual({
      id: "b",
      address: "b:1",
      sockets: 0,
      version: "v1",
      generation: 1,
      state: "ready",
      players: 0,
      rooms: 0,
      arenas: true,
      ...{ revision: 0, phase: "serving", arrived: 0 },
    });
  });

  it("a player's room is remembered for as long as the player is there, and a minute more", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    await a.cluster.rememberRoomOf(ann.player, ann.port.code);
    await world.advance(100_000);
    expect(await b.cluster.lastRoomOf(ann.player)).toBe(ann.port.code);
    ann.port.leave(ann.player);
    await world.advance(61_000);
    expect(await b.cluster.lastRoomOf(ann.player)).toBeUndefined();
  });

  it("a room that everybody left closes and leaves the directory", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    ann.port.leave(ann.player);
    await world.advance(12_000);
    expect(a.rooms.list()).toEqual([]);
    expect(await b.cluster.find(ann.port.code)).toBeUndefined();
  });

  it("an unknown code is nobody's", async () => {
    expect(await a.cluster.find("ZZZZ" as never)).toBeUndefined();
  });
});

describe("a room on another server", () => {
  it("seats a player there, and brings frames of every tick, a keyframe first", async () => {
    const { ann, bob } = await share();
    expect(bob.port.owner.id).toBe("a");
    expect(bob.frames[0]?.keyframe).toBeDefined();
    const ticks = bob.frames.map((frame) => frame.tick);
    expect(ticks.every((tick, index) => index === 0 || tick === ticks[index - 1]! + 1)).toBe(true);
    expect(ann.newest.tick - bob.newest.tick).toBeLessThanOrEqual(1);
    expect(bob.frames.some((frame) => frame.delta && !frame.keyframe)).toBe(true);
  });

  it("takes inputs to it, each once", async () => {
    const { ann, bob } = await share();
    for (let tick = 0; tick < 10; tick++) bob.steer(ann.newest.tick + 5 + tick);
    await world.advance(1000);
    expect(inputsOf(a, bob.port.code, bob.player)).toEqual({ received: 10, applied: 10 });
  });

  it("brings a keyframe when one is wanted, and once", async () => {
    const { bob } = await share();
    await world.advance(300);
    bob.frames.length = 0;
    bob.port.wantKeyframe();
    await world.advance(200);
    expect(bob.frames.filter((frame) => frame.keyframe && frame.delta)).toHaveLength(1);
  });

  it("stops publishing when the last remote player has gone", async () => {
    const { bob } = await share();
    bob.away();
    await world.advance(100);
    a.sent.clear();
    await world.advance(1000);
    expect(a.sent.get("frame")).toBeUndefined();
  });

  it("makes the players of a gateway that died away", async () => {
    const { ann } = await share();
    b.crash();
    await world.advance(5000);
    const seats = a.rooms.get(ann.port.code)!.roster.seats;
    expect(seats.find((seat) => seat.name === "bob")).toMatchObject({ away: true });
    expect(seats.find((seat) => seat.name === "ann")).toMatchObject({ away: false });
  });

  it("keeps a lone visitor of another server company, until it is no longer small", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    await world.advance(400);
    const company = (await b.cluster.company())!;
    expect(company.code).toBe(ann.port.code);
    expect(await a.cluster.company(), "Ann's own server has her").toBeUndefined();
    for (const name of ["bea", "cid", "dan"].slice(0, CROWDED_FROM_PLAYERS - 1)) await enter(a, ann.port, name);
    await world.advance(400);
    expect(await b.cluster.company()).toBeUndefined();
  });

  it("is not offered as company by a server that has people itself, nor while Redis cannot tell", async () => {
    await enter(a, await a.cluster.quickPlay(), "ann");
    const cut = await world.start("c");
    await world.advance(2000);
    cut.setCut(true);
    expect(await world.settle(cut.cluster.company())).toBeUndefined();
    const bob = await enter(b, await b.cluster.quickPlay(), "bob");
    expect(bob.port.owner.id).toBe("b");
    expect(await b.cluster.company()).toBeUndefined();
  });

  it("is found by load that wants to cross servers, and by nobody when all rooms are here", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    await world.advance(400);
    expect((await b.cluster.quickPlayRemote())?.code).toBe(ann.port.code);
    expect(await a.cluster.quickPlayRemote()).toBeUndefined();
  });

  it("closing by a fault reaches the players there", async () => {
    const { bob } = await share();
    const room = a.rooms.get(bob.port.code)!;
    room.state.world.boats = undefined as never;
    await world.advance(200);
    expect(world.faults).not.toEqual([]);
    expect(bob.closed).toBe("room-closed");
  });
});

describe("takeover after a crash", () => {
  it("a gateway with players goes on with the room within two seconds, in the next epoch", async () => {
    const { bob } = await share();
    await world.advance(1000);
    const before = bob.newest;
    a.crash();
    await world.advance(1600);
    expect(bob.port.owner.id).toBe("b");
    expect(bob.paths).toEqual([{ owner: "b", epoch: 2 }]);
    expect(bob.newest.epoch).toBe(2);
    expect(bob.newest.tick).toBeGreaterThan(before.tick);
    const ticks = bob.frames.map((frame) => frame.tick);
    expect(ticks.every((tick, index) => index === 0 || tick > ticks[index - 1]!)).toBe(true);
    expect(bob.lost).toEqual([]);
  });

  it("takes at most a second and a half, whenever between two beats the owner died", async () => {
    const waits: number[] = [];
    for (let phaseMs = 0; phaseMs < 300; phaseMs += 50) {
      world = new TestCluster();
      [a, b] = [await world.start("a"), await world.start("b")];
      await world.advance(2000 + phaseMs);
      const { bob } = await share();
      a.crash();
      const crashedAtMs = world.clock.now();
      while (bob.newest.epoch === 1 && world.clock.now() < crashedAtMs + 5000) await world.advance(10);
      waits.push(world.clock.now() - crashedAtMs);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(1500);
    expect(Math.min(...waits)).toBeGreaterThan(800);
  });

  it("gives the new owner the inputs again that the checkpoint lacks, each once", async () => {
    const { bob } = await share();
    const before = await play([bob], 2000);
    a.crash();
    const after = await play([bob], 2000);
    await world.advance(2000);
    expect(bob.port.owner.id).toBe("b");
    expect(inputsOf(b, bob.port.code, bob.player)).toEqual({ received: before + after, applied: before + after });
  });

  it("lets exactly one of two gateways win, and the other follows with its players and their inputs", async () => {
    const c = await world.start("c");
    await world.advance(2000);
    const { bob } = await share();
    const cid = await enter(c, (await c.cluster.find(bob.port.code))!, "cid");
    await world.advance(200);
    const before = await play([bob, cid], 1500);
    a.crash();
    const sent = before + (await play([bob, cid], 2000));
    await world.advance(2000);
    const owners = [b, c].filter((server) => server.rooms.get(bob.port.code));
    expect(owners).toHaveLength(1);
    expect(bob.port.owner).toEqual(cid.port.owner);
    expect(bob.newest).toMatchObject({ epoch: 2 });
    expect(cid.newest).toMatchObject({ epoch: 2 });
    expect(inputsOf(owners[0]!, bob.port.code, bob.player)).toEqual({ received: sent, applied: sent });
    expect(inputsOf(owners[0]!, bob.port.code, cid.player)).toEqual({ received: sent, applied: sent });
  });

  it("is made again, in the epoch after, when the answer to it was lost", async () => {
    const { bob } = await share();
    await world.advance(1000);
    const takeOver = b.store.takeOver.bind(b.store);
    b.store.takeOver = async (...claim) => {
      b.store.takeOver = takeOver;
      expect(await takeOver(...claim)).toMatchObject({ taken: true, epoch: 2 });
      throw new ClusterUnavailable("no answer in time");
    };
    a.crash();
    await world.advance(4000);
    expect(bob.newest.epoch).toBe(3);
    expect(bob.port.owner.id).toBe("b");
    expect(bob.lost).toEqual([]);
  });

  it("a player who joins meanwhile is seated by the heir", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    await world.advance(1000);
    a.crash();
    await world.advance(100);
    const tab = new Tab(b, (await b.cluster.find(ann.port.code))!, "ann", "ann-second-socket");
    expect(await world.settle(tab.join())).toMatchObject({ ok: true, resumed: true });
    expect(tab.port.owner.id).toBe("b");
  });

  it("a room without any gateway left is taken over by the server that a returning player finds", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    await world.advance(1000);
    a.crash();
    await world.advance(8000);
    expect(b.rooms.list()).toEqual([]);
    const port = await b.cluster.find(ann.port.code);
    expect(port?.owner.id).toBe("b");
    expect(await world.settle(new Tab(b, port!, "ann").join())).toMatchObject({ ok: true, resumed: true });
  });

  it("and is forgotten when nobody returns", async () => {
    const ann = await enter(a, await a.cluster.quickPlay(), "ann");
    a.crash();
    await world.advance(31_500);
    expect(await b.cluster.find(ann.port.code)).toBeUndefined();
  });
});

describe("a server that leaves", () => {
  it("hands its rooms over in their last state, without waiting for anything to run out", async () => {
    const { ann, bob } = await share();
    const last = ann.newest.tick;
    await world.settle(a.cluster.close());
    await world.advance(800);
    expect(bob.port.owner.id).toBe("b");
    expect(bob.newest.tick).toBeGreaterThan(last);
    expect((await b.cluster.servers()).map((server) => server.id)).toEqual(["b"]);
  });

  it.each([0, 25, 50, 75])("leaves its rooms to one that stays, not to one that leaves too, %i ms on", async (ms) => {
    const { ann } = await share();
    const c = await world.start("c");
    await world.advance(2000);
    const cid = await enter(c, (await c.cluster.find(ann.port.code))!, "cid");
    b.cluster.setState("draining");
    await world.advance(500 + ms);
    await world.settle(a.cluster.close());
    await world.advance(1200);
    expect(cid.port.owner.id).toBe("c");
  });

  it("does not keep anybody waiting when Redis is away", async () => {
    await share();
    world.setRedisAway(true);
    await world.settle(a.cluster.close(), 2000);
    expect(a.rooms.list()).toEqual([]);
  });
});
