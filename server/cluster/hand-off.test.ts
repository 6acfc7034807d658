import { beforeEach, describe, expect, it } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import type { RoomCode, RoomPort } from "../room/room-port.ts";
import type { HandOff } from "./cluster.ts";
import { inputsOf, Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { PREPARE_LIMIT_MS, SEALED_MAX_MS } from "./timing.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;
let c: TestServer;
let ann: Tab;
let bob: Tab;
let cyd: Tab;
let code: RoomCode;

/** A room on `a` with a player at each of three servers; `b` is the heir. */
beforeEach(async () => {
  world = new TestCluster();
  [a, b, c] = [await world.start("a"), await world.start("b"), await world.start("c")];
  await world.advance(2000);
  ann = await enter(a, await a.cluster.quickPlay(), "ann");
  code = ann.port.code;
  bob = await enter(b, (await b.cluster.find(code))!, "bob");
  cyd = await enter(c, (await c.cluster.find(code))!, "cyd");
  await world.advance(500);
});

async function enter(server: TestServer, port: RoomPort, player: string, replaces?: Tab): Promise<Tab> {
  const tab = new Tab(server, port, player, replaces && `${player}-socket-2`, replaces?.connection);
  expect(await world.settle(tab.join())).toMatchObject({ ok: true });
  return tab;
}

function handOff(to: TestServer = b): Promise<HandOff> {
  return world.settle(a.cluster.handOff(code, to.id));
}

function owners(): string[] {
  return world.servers.filter((server) => server.rooms.get(code)).map((server) => server.id);
}

/** The largest step between two frames of a tab, ticks; 1 when none is missing. */
function largestStep(tab: Tab): number {
  return Math.max(...tab.frames.slice(1).map((frame, index) => frame.tick - tab.frames[index]!.tick));
}

describe("a hand-off", () => {
  it("leaves one owner, the heir, in the next epoch", async () => {
    expect(await handOff()).toBe("handed-off");
    await world.advance(100);
    expect(owners()).toEqual(["b"]);
    expect(b.rooms.get(code)?.epoch).toBe(2);
    expect(await a.store.room(code)).toMatchObject({ owner: { id: "b" }, epoch: 2 });
  });

  it("is a matter of one tick for players at the old owner, the heir and elsewhere", async () => {
    const seen: { tab: Tab; atMs: number }[] = [];
    const tabs = [ann, bob, cyd];
    for (const tab of tabs)
      tab.port.listen({ frame: () => seen.push({ tab, atMs: world.clock.now() }), path() {}, closed() {} });
    await handOff();
    await world.advance(1000);
    for (const tab of tabs) {
      expect(tab.newest.epoch).toBe(2);
      expect(largestStep(tab)).toBe(1);
      const times = seen.filter((frame) => frame.tab === tab).map((frame) => frame.atMs);
      const gaps = times.slice(1).map((atMs, index) => atMs - times[index]!);
      // A frame is relayed, or not relayed any more: that is two milliseconds each way in this world.
      expect(Math.max(...gaps)).toBeLessThan(TICK_MS + 8);
      expect(tab.paths.at(-1)).toEqual({ owner: "b", epoch: 2 });
      expect(tab.closed ?? tab.lost[0]).toBeUndefined();
    }
  });

  it("keeps the phase of the ticks", async () => {
    const phases: number[] = [];
    bob.port.listen({
      frame: ({ epoch }) => epoch === 2 && phases.push(world.clock.now() % TICK_MS),
      path() {},
      closed() {},
    });
    const before: number[] = [];
    ann.port.listen({
      frame: ({ epoch }) => epoch === 1 && before.push(world.clock.now() % TICK_MS),
      path() {},
      closed() {},
    });
    await handOff();
    await world.advance(500);
    const middle = (values: number[]) => values.toSorted((x, y) => x - y)[values.length >> 1]!;
    expect(Math.abs(middle(phases) - middle(before))).toBeLessThan(3);
  });

  it("loses no input and applies none twice, whoever's it is, while all of them steer", async () => {
    const starts = [ann, bob, cyd].map((tab) => tab.newest.tick);
    const moved = a.cluster.handOff(code, b.id);
    const count = 90;
    for (let sent = 0; sent < count; sent++) {
      for (const [index, tab] of [ann, bob, cyd].entries()) tab.steer(starts[index]! + 6 + sent);
      await world.advance(TICK_MS);
    }
    expect(await moved).toBe("handed-off");
    await world.advance(500);
    for (const tab of [ann, bob, cyd])
      expect(inputsOf(b, code, tab.player)).toEqual({ received: count, applied: count });
  });

  it("sends on what came for the room while it was sealed: a join, a leave, a lost socket", async () => {
    a.store.delayMs = 30;
    const moved = a.cluster.handOff(code, b.id);
    // Prepared after 60 ms; sealed after another tick at most.
    await world.advance(60 + TICK_MS + 5);
    const dot = new Tab(a, ann.port, "dot");
    const eve = new Tab(c, cyd.port, "eve");
    const joins = Promise.all([dot.join(), eve.join()]);
    cyd.port.leave(cyd.player);
    ann.away();
    expect(await world.settle(moved)).toBe("handed-off");
    expect(await world.settle(joins)).toMatchObject([{ ok: true }, { ok: true }]);
    await world.advance(100);
    const seats = b.rooms.get(code)!.state.seats.flatMap((seat) => (seat ? [[seat.player, seat.state.kind]] : []));
    expect(seats.toSorted()).toEqual([
      ["ann", "away"],
      ["bob", "seated"],
      ["dot", "seated"],
      ["eve", "seated"],
    ]);
  });

  it("can go on from heir to heir, and back", async () => {
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
      [a, c],
    ] as const) {
      expect(await world.settle(from.cluster.handOff(code, to.id))).toBe("handed-off");
      await world.advance(300);
      expect(owners()).toEqual([to.id]);
    }
    for (const tab of [ann, bob, cyd]) {
      expect(largestStep(tab)).toBe(1);
      expect(tab.newest.epoch).toBe(5);
    }
  });

  it("counts neither the room nor its players twice", async () => {
    await handOff();
    await world.advance(700);
    const records = await world.settle(a.cluster.servers());
    expect(records.map(({ id, rooms, players }) => [id, rooms, players])).toEqual([
      ["a", 0, 0],
      ["b", 1, 3],
      ["c", 0, 0],
    ]);
  });
});

describe("a hand-off that is refused", () => {
  async function goesOnHere(outcome: HandOff): Promise<void> {
    await world.advance(1000);
    expect(outcome).not.toBe("handed-off");
    expect(owners()).toEqual(["a"]);
    expect(a.rooms.get(code)?.epoch).toBe(1);
    for (const tab of [ann, bob, cyd]) expect(largestStep(tab)).toBe(1);
    expect(await world.settle(a.store.room(code))).toMatchObject({ owner: { id: "a" }, epoch: 1 });
  }

  it("because the heir is leaving itself costs nothing", async () => {
    b.cluster.setState("draining");
    const outcome = await handOff();
    expect(outcome).toBe("refused");
    await goesOnHere(outcome);
  });

  it("because the heir does not answer costs nothing", async () => {
    b.crash();
    world.servers.splice(1, 1);
    bob.frames.length = 0;
    const outcome = await handOff();
    expect(outcome).toBe("refused");
    await world.advance(1000);
    expect(owners()).toEqual(["a"]);
    expect(largestStep(ann)).toBe(1);
  });

  it("because Redis is slow costs nothing", async () => {
    for (const { store } of world.servers) store.delayMs = PREPARE_LIMIT_MS / 2 + 5;
    await goesOnHere(await handOff());
  });

  it("because the bus is slow costs nothing", async () => {
    for (const { bus } of world.servers) bus.delayMs = PREPARE_LIMIT_MS / 4 + 5;
    const outcome = await handOff();
    expect(outcome).toBe("refused");
    await goesOnHere(outcome);
  });

  it("leaves nothing behind at the heir", async () => {
    c.bus.delayMs = 60;
    a.store.delayMs = 80;
    await handOff(c);
    a.store.delayMs = 1;
    c.bus.delayMs = 1;
    await world.advance(2000);
    expect(owners()).toEqual(["a"]);
    expect(await handOff(c)).toBe("handed-off");
  });

  it("to oneself, of an unknown room, or twice at once is no hand-off", async () => {
    expect(await handOff(a)).toBe("refused");
    expect(await a.cluster.handOff("ZZZZ" as RoomCode, b.id)).toBe("not-here");
    expect(await b.cluster.handOff(code, c.id)).toBe("not-here");
    const first = a.cluster.handOff(code, b.id);
    expect(await a.cluster.handOff(code, c.id)).toBe("not-here");
    expect(await world.settle(first)).toBe("handed-off");
  });

  it("of a room that everybody has left closes the room", async () => {
    for (const tab of [ann, bob, cyd]) tab.port.leave(tab.player);
    await world.advance(50);
    expect(await handOff()).toBe("not-here");
    await world.advance(50);
    expect(owners()).toEqual([]);
    expect(await a.store.room(code)).toBeUndefined();
  });
});

describe("a hand-off in trouble", () => {
  /** Lets trouble begin right after the seal. */
  async function atTheSeal(trouble: () => void): Promise<HandOff> {
    const seal = a.rooms.seal.bind(a.rooms);
    a.rooms.seal = async (sealed) => {
      const answer = await seal(sealed);
      trouble();
      return answer;
    };
    return world.settle(a.cluster.handOff(code, b.id));
  }

  async function endsWell(ownersInTheEnd: string[]): Promise<void> {
    await world.advance(8000);
    expect(owners()).toEqual(ownersInTheEnd);
    for (const { tab, server } of [
      { tab: ann, server: a },
      { tab: bob, server: b },
      { tab: cyd, server: c },
    ]) {
      if (!world.servers.includes(server)) continue;
      const ticks = tab.frames.map((frame) => frame.epoch * 1e9 + frame.tick);
      expect(ticks).toEqual(ticks.toSorted((x, y) => x - y));
      const plain = tab.frames.map((frame) => frame.tick);
      expect(plain).toEqual(plain.toSorted((x, y) => x - y));
      const before = tab.frames.length;
      await world.advance(300);
      expect(tab.frames.length).toBeGreaterThan(before + 5);
    }
    expect(world.faults).toEqual([]);
  }

  it("whose Redis dies goes on where it was, after a moment", async () => {
    const outcome = await atTheSeal(() => world.setRedisAway(true));
    expect(outcome).toBe("failed");
    expect(owners()).toEqual(["a"]);
    const stood = ann.frames.length;
    await world.advance(500);
    expect(ann.frames.length).toBeGreaterThan(stood + 10);
    world.setRedisAway(false);
    await endsWell(["a"]);
  });

  it("whose answers are lost is done all the same", async () => {
    const outcome = await atTheSeal(() => {
      a.store.link = "mute";
      world.clock.after(450, () => {
        a.store.link = "up";
      });
    });
    expect(outcome).toBe("handed-off");
    await endsWell(["b"]);
  });

  it("whose order stands on the way and is executed after the room has gone on gives the room up as it is then", async () => {
    const outcome = await atTheSeal(() => {
      a.store.link = "stalled";
    });
    expect(outcome).toBe("failed");
    await world.advance(200);
    const played = ann.newest.tick;
    expect(owners()).toEqual(["a"]);
    a.store.link = "up";
    await world.advance(1000);
    expect(owners()).toEqual(["b"]);
    expect(b.rooms.get(code)!.tick).toBeGreaterThan(played);
    await endsWell(["b"]);
  });

  it("whose message to the heir is lost is found in the directory by the heir", async () => {
    const outcome = await atTheSeal(() => {
      a.bus.cut = true;
      world.clock.after(40, () => {
        a.bus.cut = false;
      });
    });
    expect(outcome).toBe("handed-off");
    await world.advance(1000);
    expect(owners()).toEqual(["b"]);
    expect(Math.max(largestStep(bob), largestStep(cyd))).toBeLessThan(15);
    await endsWell(["b"]);
  });

  it("whose heir has forgotten it is found again by the players' gateways", async () => {
    const outcome = await atTheSeal(() => {
      a.bus.cut = true;
      b.store.link = "refused";
      world.clock.after(SEALED_MAX_MS, () => {
        a.bus.cut = false;
        b.store.link = "up";
      });
    });
    expect(outcome).toBe("handed-off");
    await endsWell(["b"]);
  });

  it("whose heir dies at once ends with somebody else", async () => {
    await atTheSeal(() => b.crash());
    world.servers.splice(1, 1);
    await world.advance(4000);
    expect(owners()).toHaveLength(1);
    await endsWell(owners());
  });

  it("whose old owner dies after the seal ends with the heir, or somebody else", async () => {
    await atTheSeal(() => {
      world.clock.after(0, () => a.crash());
    });
    world.servers.splice(0, 1);
    await world.advance(4000);
    expect(owners()).toHaveLength(1);
    await endsWell(owners());
  });

  it("whose heir cannot read the room comes back", async () => {
    b.rooms.adopt = () => {
      throw new Error("cannot read a checkpoint");
    };
    await handOff();
    await world.advance(100);
    expect(owners()).toEqual(["a"]);
    expect(a.rooms.get(code)?.epoch).toBe(3);
    await endsWell(["a"]);
  });
});

describe("two sockets of one seat during a move", () => {
  it.each([
    ["from the owner to another server", () => [a, a, ann] as const, () => c],
    ["from elsewhere to the owner", () => [c, c, cyd] as const, () => a],
    ["between two others", () => [c, c, cyd] as const, () => b],
  ])("%s: inputs from both count once, both hear, and the older one's end is nothing", async (_, older, to) => {
    const [, , old] = older();
    const server = to();
    const young = await enter(server, (await server.cluster.find(code))!, old.player, old);
    const heard = [old.frames.length, young.frames.length];
    for (let sent = 0; sent < 20; sent++) {
      old.steer(a.rooms.get(code)!.tick + 5);
      young.steer(a.rooms.get(code)!.tick + 5);
      await world.advance(TICK_MS);
    }
    await world.advance(300);
    expect(inputsOf(a, code, old.player)).toEqual({ received: 20, applied: 20 });
    expect(Math.min(old.frames.length - heard[0]!, young.frames.length - heard[1]!)).toBeGreaterThan(25);
    old.away();
    await world.advance(6000);
    young.steer(young.newest.tick + 4);
    await world.advance(300);
    expect(inputsOf(a, code, old.player).received).toBe(21);
    const seat = a.rooms.get(code)!.state.seats.find((found) => found?.player === old.player);
    expect(seat?.state).toMatchObject({ kind: "seated", connection: young.connection });
  });

  it.each(["a", "b", "c"])("survive a hand-off in the middle, the newer one at %s", async (id) => {
    const server = world.servers.find((found) => found.id === id)!;
    const young = await enter(server, (await server.cluster.find(code))!, "ann", ann);
    await world.advance(50);
    expect(await handOff()).toBe("handed-off");
    await world.advance(100);
    ann.away();
    await world.advance(6000);
    young.steer(young.newest.tick + 4);
    await world.advance(200);
    const seat = b.rooms.get(code)!.state.seats.find((found) => found?.player === "ann");
    expect(seat?.state).toMatchObject({ kind: "seated", connection: young.connection });
    expect(inputsOf(b, code, ann.player).received).toBe(1);
    expect(young.lost).toEqual([]);
  });

  it.each(["a", "b", "c"])("survive the owner's death in the middle, the newer one at %s", async (id) => {
    // The owner that dies is another one than either socket's.
    const d = await world.start("d");
    await world.advance(2000);
    expect(await handOff(d)).toBe("handed-off");
    await world.advance(1000);
    const server = world.servers.find((found) => found.id === id)!;
    const young = await enter(server, (await server.cluster.find(code))!, "ann", ann);
    await world.advance(1000);
    d.crash();
    world.servers.splice(world.servers.indexOf(d), 1);
    await world.advance(2500);
    ann.away();
    await world.advance(200);
    young.steer(young.newest.tick + 4);
    await world.advance(6000);
    const [owner] = world.servers.filter((found) => found.rooms.get(code));
    const seat = owner!.rooms.get(code)!.state.seats.find((found) => found?.player === "ann");
    expect(seat?.state).toMatchObject({ kind: "seated", connection: young.connection });
    expect(inputsOf(owner!, code, ann.player).received).toBe(1);
  });

  it("takes a ticket once", async () => {
    await enter(c, cyd.port, "ann", ann);
    const again = new Tab(b, bob.port, "ann", "ann-socket-3", ann.connection);
    expect(await world.settle(again.join())).toEqual({ ok: false, code: "bad-ticket" });
  });
});
