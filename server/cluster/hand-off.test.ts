import { beforeEach, describe, expect, it } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import type { RoomCode } from "../room/room-port.ts";
import type { HandOff } from "./cluster.ts";
import { inputsOf, Tab, type TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { largestStep, type SharedRoom, shareRoom } from "./shared-room-for-tests.ts";
import { PREPARE_LIMIT_MS } from "./timing.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;
let c: TestServer;
let ann: Tab;
let bob: Tab;
let cyd: Tab;
let code: RoomCode;
let handOff: SharedRoom["handOff"];
let owners: SharedRoom["owners"];
let kill: SharedRoom["kill"];

beforeEach(async () => {
  ({ world, a, b, c, ann, bob, cyd, code, handOff, owners, kill } = await shareRoom());
});

describe("a hand-off", () => {
  it("leaves one owner, the heir, in the next epoch", async () => {
    expect(await handOff(b)).toBe("handed-off");
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
    await handOff(b);
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
    await handOff(b);
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

  it("is waited for by a player who comes to the heir a moment before the room", async () => {
    // The message is slower than the directory.
    a.bus.delayMs = 20;
    b.bus.delayMs = 1;
    const moved = a.cluster.handOff(code, b.id);
    while ((await b.store.room(code))?.epoch === 1) await world.advance(1);
    expect(owners()).toEqual([]);
    const found = b.cluster.find(code);
    expect((await world.settle(found))?.epoch).toBe(2);
    expect(await world.settle(moved)).toBe("handed-off");
    expect(owners()).toEqual(["b"]);
    expect(b.rooms.get(code)?.epoch).toBe(2);
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
    await handOff(b);
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
    const outcome = await handOff(b);
    expect(outcome).toBe("refused");
    await goesOnHere(outcome);
  });

  it("because the heir does not answer costs nothing", async () => {
    kill(b);
    const outcome = await handOff(b);
    expect(outcome).toBe("refused");
    await world.advance(1000);
    expect(owners()).toEqual(["a"]);
    expect(largestStep(ann)).toBe(1);
  });

  it("because Redis is slow costs nothing", async () => {
    for (const { store } of world.servers) store.delayMs = PREPARE_LIMIT_MS / 2 + 5;
    await goesOnHere(await handOff(b));
  });

  it("because the bus is slow costs nothing", async () => {
    for (const { bus } of world.servers) bus.delayMs = PREPARE_LIMIT_MS / 4 + 5;
    const outcome = await handOff(b);
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
    expect(await handOff(b)).toBe("not-here");
    await world.advance(50);
    expect(owners()).toEqual([]);
    expect(await a.store.room(code)).toBeUndefined();
  });
});
