import { describe, expect, it } from "vitest";
import { hashWorld, TICK_RATE } from "../../game/sim/index.ts";
import { EMPTY_CLOSE_TICKS, type Room } from "./room.ts";
import { CODE, Ear, inputFrame, makeHost, makeRoom, player, request, seated, steps } from "./room-for-tests.ts";
import { CATCH_UP_MAX_TICKS, LAG_STEPS_MAX, ROOMS_MAX, RoomsFull } from "./room-host.ts";
import type { RoomCode } from "./room-port.ts";

const OTHER = "EFGH" as RoomCode;

describe("the loop of all rooms", () => {
  it("steps every room at the tick rate, not at the rate of its timer", async () => {
    const { host, clock } = makeHost();
    for (const code of [CODE, OTHER]) {
      const room = host.create(code, 1);
      await room.join(request("ann"));
    }
    await clock.advance(10_000);
    for (const room of host.list()) expect(Math.abs(room.tick - 10 * TICK_RATE)).toBeLessThanOrEqual(1);
  });

  it("makes up for a short delay and drops what is beyond its limit", async () => {
    const test = makeHost();
    const room = test.host.create(CODE, 1) as Room;
    await seated(room, "ann");
    await test.ticks(30);
    const before = room.tick;
    stall(test.clock, 1000);
    await test.ticks(1);
    expect(room.tick - before).toBeLessThanOrEqual(LAG_STEPS_MAX + 1);
    expect(test.dropped).toBeGreaterThan(20);
    await test.ticks(30);
    expect(room.tick - before).toBeGreaterThan(30);
  });

  it("says how long a room's players waited for each tick, and of a room without players that nobody waited", async () => {
    const test = makeHost();
    const room = test.host.create(CODE, 1) as Room;
    await test.ticks(10);
    expect(new Set(test.gapsMs)).toEqual(new Set([0]));
    await seated(room, "ann");
    await test.ticks(30);
    stall(test.clock, 400);
    await test.ticks(30);
    expect(Math.max(...test.gapsMs)).toBeGreaterThan(399);
    expect(test.gapsMs.filter((gapMs) => gapMs > 100)).toHaveLength(1);
  });

  it("closes a room that throws, alone, and tells its players", async () => {
    const test = makeHost();
    const bad = test.host.create(CODE, 1) as Room;
    const good = test.host.create(OTHER, 1) as Room;
    await seated(bad, "ann");
    await seated(good, "ben");
    const ear = new Ear();
    bad.listen(ear);
    const closed: unknown[] = [];
    test.host.onClosed((...args) => closed.push(args));
    await test.ticks(10);
    bad.state.world.boats = null as never;
    await test.ticks(10);
    expect(ear.closedWith).toBe("room-closed");
    expect(closed).toEqual([[CODE, "fault"]]);
    expect(test.errors.length).toBeGreaterThan(0);
    expect(test.host.get(CODE)).toBeUndefined();
    expect(good.tick).toBeGreaterThan(15);
    expect(await bad.join(request("late"))).toEqual({ ok: false, code: "unavailable" });
  });

  it("closes a room when a join throws, and still answers the join", async () => {
    const test = makeHost();
    const room = test.host.create(CODE, 1) as Room;
    room.state.world.boats = null as never;
    expect(await room.join(request("ann"))).toEqual({ ok: false, code: "room-closed" });
    expect(test.host.get(CODE)).toBeUndefined();
  });

  it("closes a room when a leave throws, and spares the one who left", async () => {
    const test = makeHost();
    const room = test.host.create(CODE, 1) as Room;
    await seated(room, "ann");
    room.state.world.boats = null as never;
    room.leave(player("ann"));
    expect(test.host.get(CODE)).toBeUndefined();
    expect(test.errors.length).toBeGreaterThan(0);
  });

  it("tells the scores of the other rooms when those of one cannot be read", async () => {
    const test = makeHost();
    const bad = test.host.create(CODE, 1) as Room;
    const good = test.host.create(OTHER, 1) as Room;
    await seated(bad, "ann");
    const { seat } = await seated(good, "ben");
    good.state.world.boats[seat]!.score = 5;
    bad.state.world.boats = null as never;
    const scores: unknown[] = [];
    test.host.onScore((code, { name, score }) => scores.push([code, name, score]));
    test.host.close();
    expect(scores).toEqual([[OTHER, "ben", 5]]);
  });

  it("closes a room that nobody is in after a short time", async () => {
    const test = makeHost();
    const closed: unknown[] = [];
    test.host.onClosed((...args) => closed.push(args));
    const room = test.host.create(CODE, 1) as Room;
    await seated(room, "ann");
    await test.ticks(EMPTY_CLOSE_TICKS * 2);
    expect(closed).toEqual([]);
    room.leave(player("ann"));
    await test.ticks(EMPTY_CLOSE_TICKS - 2);
    expect(closed).toEqual([]);
    await test.ticks(4);
    expect(closed).toEqual([[CODE, "empty"]]);
  });

  it("stops at once when a room is yielded, and tells its listeners nothing", async () => {
    const test = makeHost();
    const room = test.host.create(CODE, 1) as Room;
    const ear = new Ear();
    room.listen(ear);
    await seated(room, "ann");
    await test.ticks(5);
    test.host.yield(CODE);
    const { tick } = room;
    await test.ticks(5);
    expect(room.tick).toBe(tick);
    expect(ear.closedWith).toBeUndefined();
  });

  it("takes no more rooms than its limit", () => {
    const { host } = makeHost();
    expect(host.full).toBe(false);
    for (let i = 0; i < ROOMS_MAX; i++) host.create(`R${i}` as RoomCode, 1);
    expect(host.full).toBe(true);
    expect(() => host.create(CODE, 1)).toThrow(RoomsFull);
  });
});

describe("a room that is sealed", () => {
  it("stands still right after its next tick, and says when the one after it is due", async () => {
    const { host, clock, ticks } = makeHost();
    const room = host.create(CODE, 1) as Room;
    await ticks(3.5);
    const { tick } = room;
    const seal = host.seal(CODE);
    await ticks(0.4);
    expect(room.tick).toBe(tick);
    await ticks(5);
    expect(room.tick).toBe(tick + 1);
    const sealed = (await seal)!;
    const dueInMs = sealed.dueInMs();
    expect(dueInMs).toBeLessThan(0);
    await clock.advance(10);
    expect(sealed.dueInMs()).toBeCloseTo(dueInMs - 10);
  });

  it("goes on with the ticks that are due when it is unsealed", async () => {
    const { host, ticks } = makeHost();
    const room = host.create(CODE, 1) as Room;
    await ticks(3);
    const seal = host.seal(CODE);
    await ticks(1.5);
    expect(await seal).toBeDefined();
    const { tick } = room;
    await ticks(2);
    host.unseal(CODE);
    await ticks(2);
    expect(room.tick).toBe(tick + 4);
  });

  it("does not hold up the others", async () => {
    const { host, ticks } = makeHost();
    host.create(CODE, 1);
    const other = host.create("OTHR" as RoomCode, 1) as Room;
    await ticks(2);
    const seal = host.seal(CODE);
    await ticks(2);
    expect(await seal).toBeDefined();
    const { tick } = other;
    await ticks(10);
    expect(other.tick).toBe(tick + 10);
  });

  it("stands still on a machine that is always late, too", async () => {
    const { host, clock, ticks } = makeHost();
    const room = host.create(CODE, 1) as Room;
    room.listen({ frame: () => stall(clock, 200), path() {}, closed() {} });
    await ticks(2);
    let isSealed = false;
    void host.seal(CODE).then((sealed) => {
      isSealed = sealed !== undefined;
    });
    await ticks(5);
    expect(isSealed).toBe(true);
  });

  it("is not, when it ends before that, is unknown, or is sealed already", async () => {
    const { host, ticks } = makeHost();
    host.create(CODE, 1);
    await ticks(2);
    const seal = host.seal(CODE);
    expect(await host.seal(CODE)).toBeUndefined();
    expect(await host.seal("ZZZZ" as RoomCode)).toBeUndefined();
    host.yield(CODE);
    expect(await seal).toBeUndefined();
  });

  it("keeps the phase of its ticks with its next owner", async () => {
    const { host, ticks, clock } = makeHost();
    const original = makeRoom().room;
    steps(original, 10);
    await ticks(1.5);
    const adopted = host.adopt(CODE, 2, original.checkpoint(), 0, 20) as Room;
    await clock.advance(19);
    expect(adopted.tick).toBe(10);
    await clock.advance(2);
    expect(adopted.tick).toBe(11);
  });
});

describe("an adopted room", () => {
  it("catches up at its next step when others turn out to have seen more", async () => {
    const test = makeHost();
    const original = makeRoom().room;
    await seated(original, "ann");
    steps(original, 10);
    const adopted = test.host.adopt(CODE, 2, original.checkpoint(), 0) as Room;
    await test.ticks(3);
    const ear = new Ear();
    adopted.listen(ear);
    test.host.catchUp(CODE, 40);
    test.host.catchUp(CODE, 5);
    await test.ticks(2.5);
    expect(ear.frames.map((frame) => frame.tick).slice(0, 2)).toEqual([41, 42]);
  });

  it("resumes at the tick after its checkpoint when nobody has seen a later one", async () => {
    const original = makeRoom().room;
    await seated(original, "ann");
    steps(original, 40);
    const test = makeHost();
    const adopted = test.host.adopt(CODE, 2, original.checkpoint(), 40) as Room;
    const ear = new Ear();
    adopted.listen(ear);
    await test.ticks(3);
    expect(ear.frames[0]).toMatchObject({ epoch: 2, tick: 41 });
    expect(ear.frames[0]?.delta).toBeUndefined();
  });

  it("catches up with what players have seen, and inputs that are sent again meet their ticks", async () => {
    const original = makeRoom().room;
    await seated(original, "ann");
    steps(original, 40);
    const checkpoint = original.checkpoint();
    const resent = [1, 2, 3].map((number) => inputFrame(number, 44 + number * 5, { throttle: 7, rudder: number }));
    for (const frame of resent) original.input(player("ann"), frame);
    steps(original, 25);

    const test = makeHost();
    const adopted = test.host.adopt(CODE, 2, checkpoint, 65) as Room;
    const ear = new Ear();
    adopted.listen(ear);
    for (const frame of resent) adopted.input(player("ann"), frame);
    while (adopted.tick < 66) await test.ticks(1);
    expect(ear.frames[0]!.tick).toBe(66);
    steps(original, adopted.tick - 65);
    expect(hashWorld(adopted.state.world)).toBe(hashWorld(original.state.world));
  });

  it("jumps over what is too much to catch up with, so that its ticks never go back", async () => {
    const original = makeRoom().room;
    await seated(original, "ann");
    steps(original, 10);
    const test = makeHost();
    const adopted = test.host.adopt(CODE, 2, original.checkpoint(), 5000) as Room;
    expect(adopted.tick).toBe(5000 - CATCH_UP_MAX_TICKS);
    const ear = new Ear();
    adopted.listen(ear);
    await test.ticks(10);
    expect(ear.frames[0]!.tick).toBe(5001);
  });

  it("counts a player who gives no sign of life as away, and one who does as seated", async () => {
    const original = makeRoom().room;
    await seated(original, "ann");
    await seated(original, "ben");
    steps(original, 10);
    const test = makeHost();
    const adopted = test.host.adopt(CODE, 2, original.checkpoint(), 10) as Room;
    adopted.input(player("ann"), inputFrame(1, 12));
    await test.ticks(6 * TICK_RATE);
    expect(adopted.state.seats.map((seat) => seat?.state.kind).slice(0, 2)).toEqual(["seated", "away"]);
  });
});

/** The process stands still: time passes and no timer runs. */
function stall(clock: { now(): number }, durationMs: number): void {
  const now = clock.now.bind(clock);
  clock.now = () => now() + durationMs;
}
