import { describe, expect, it } from "vitest";
import { KEYFRAME_INTERVAL_TICKS, REPORT_INTERVAL_TICKS } from "../../game/protocol/index.ts";
import { hashWorld, MAX_BOATS, ROUND_TICKS } from "../../game/sim/index.ts";
import { BOTS_FILL_TO_BOATS } from "./bots.ts";
import { Ear, inputFrame, makeRoom, player, request, seated, steps } from "./room-for-tests.ts";
import { ROSTER_INTERVAL_TICKS } from "./roster-news.ts";
import { AWAY_TICKS } from "./seat-state.ts";

const FAR = { throttle: 7 };

describe("a seat in a room", () => {
  it("moves its boat by raw input frames at the ticks of their labels", async () => {
    const { room } = makeRoom();
    const { seat } = await seated(room, "ann");
    steps(room, 5);
    const before = { ...room.state.world.boats[seat]! };
    room.input(player("ann"), inputFrame(1, room.tick + 3, FAR));
    steps(room, 2);
    expect(room.state.world.boats[seat]).toMatchObject({ inputsApplied: 0, controls: { throttle: 0 } });
    steps(room, 1);
    expect(room.state.world.boats[seat]).toMatchObject({ inputsApplied: 1, controls: { throttle: 7 } });
    steps(room, 30);
    const after = room.state.world.boats[seat]!;
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeGreaterThan(1000);
  });

  it("is not faster for sending more than one input a tick", async () => {
    const { room } = makeRoom();
    const { seat } = await seated(room, "ann");
    steps(room, 1);
    const tick = room.tick + 1;
    for (let number = 1; number <= 10; number++) room.input(player("ann"), inputFrame(number, tick, FAR));
    const { x, y } = room.state.world.boats[seat]!;
    steps(room, 1);
    const boat = room.state.world.boats[seat]!;
    expect(boat.inputsApplied).toBe(10);
    expect(Math.hypot(boat.x - x, boat.y - y)).toBeLessThan(64);
  });

  it("reports inputs as applied once each, at once after a late one, and in turn otherwise", async () => {
    const { room, arrivals } = makeRoom();
    const ear = new Ear();
    room.listen(ear);
    await seated(room, "ann");
    steps(room, 20);
    room.input(player("ann"), inputFrame(1, room.tick - 4));
    room.input(player("ann"), inputFrame(1, room.tick - 4));
    steps(room, 1);
    expect(ear.reports.at(-1)).toEqual({ seat: 0, number: 1, applied: 1, marginTicks: -5 });
    expect(arrivals).toEqual(["queued", "duplicate"]);
    room.input(player("ann"), inputFrame(2, room.tick + 3));
    steps(room, REPORT_INTERVAL_TICKS + 3);
    expect(ear.reports.at(-1)).toEqual({ seat: 0, number: 2, applied: 2, marginTicks: 2 });
  });

  it("shows a loss as a difference between what was sent and what was applied", async () => {
    const { room } = makeRoom();
    const ear = new Ear();
    room.listen(ear);
    await seated(room, "ann");
    room.input(player("ann"), inputFrame(1, 2));
    room.input(player("ann"), inputFrame(3, 3));
    steps(room, REPORT_INTERVAL_TICKS * 2);
    expect(ear.reports.at(-1)).toMatchObject({ number: 3, applied: 2 });
  });

  it("resumes the same boat and numbers when its player comes back in time", async () => {
    const { room } = makeRoom();
    const first = await seated(room, "ann");
    room.input(player("ann"), inputFrame(1, 2));
    steps(room, 10);
    const boat = room.state.world.boats[first.seat];
    room.away(player("ann"), "ann-1");
    steps(room, AWAY_TICKS - 1);
    const second = await seated(room, "ann", "ann-2");
    expect(second).toMatchObject({ seat: first.seat, resumed: true, inputsReceived: 1 });
    expect(room.state.world.boats[first.seat]).toBe(boat);
  });

  it("is free again when its player stays away", async () => {
    const { room } = makeRoom();
    await seated(room, "ann");
    await seated(room, "ben");
    room.away(player("ann"), "ann-1");
    expect(room.roster.seats.find((seat) => seat.name === "ann")?.away).toBe(true);
    steps(room, AWAY_TICKS + 1);
    expect(room.players).toBe(1);
    expect(await seated(room, "ann", "ann-2")).toMatchObject({ resumed: false, inputsReceived: 0 });
  });

  it("belongs to the newer of two connections", async () => {
    const { room } = makeRoom();
    await seated(room, "ann", "tab-1");
    await seated(room, "ann", "tab-2");
    room.away(player("ann"), "tab-1");
    expect(room.players).toBe(1);
    expect(room.state.seats[0]?.state).toMatchObject({ kind: "seated", connection: "tab-2" });
  });

  it("says which connection had it before", async () => {
    const { room } = makeRoom();
    expect(await seated(room, "ann", "ann-1")).toMatchObject({ replaced: null });
    expect(await seated(room, "ann", "ann-2")).toMatchObject({ replaced: "ann-1" });
    expect(await seated(room, "ann", "ann-2")).toMatchObject({ replaced: null });
    room.away(player("ann"), "ann-2");
    expect(await seated(room, "ann", "ann-3")).toMatchObject({ replaced: null });
  });

  it("is taken over by a ticket from the connection that it names, from who came by it before, or from nobody", async () => {
    const { room } = makeRoom();
    const join = (connection: string, replaces: string) => room.join({ ...request("ann", connection), replaces });
    const refused = { ok: false, code: "bad-ticket" };
    expect(await join("ann-2", "ann-1")).toEqual(refused);
    await seated(room, "ann", "ann-1");
    expect(await join("ann-2", "ann-1")).toMatchObject({ ok: true, resumed: true, replaced: "ann-1" });
    expect(await join("ann-2", "ann-1")).toMatchObject({ ok: true, resumed: true, replaced: null });
    expect(await join("ann-3", "ann-1")).toMatchObject({ ok: true, resumed: true, replaced: "ann-2" });
    expect(await join("ann-4", "ann-3")).toMatchObject({ ok: true, resumed: true, replaced: "ann-3" });
    expect(await join("ann-5", "ann-1")).toEqual(refused);
    room.away(player("ann"), "ann-4");
    expect(await join("ann-5", "ann-1")).toMatchObject({ ok: true, resumed: true, replaced: null });
  });

  it("ignores inputs of players who have none", () => {
    const { room, arrivals } = makeRoom();
    room.input(player("nobody"), inputFrame(1, 2));
    expect(arrivals).toEqual([]);
  });
});

describe("a room", () => {
  it("fills up with bots, and they leave one by one as people come", async () => {
    const { room } = makeRoom();
    await seated(room, "p0");
    steps(room, 10);
    const boats = () => room.roster.seats.length;
    const bots = () => room.roster.seats.filter((seat) => seat.bot).length;
    expect([boats(), bots()]).toEqual([BOTS_FILL_TO_BOATS, BOTS_FILL_TO_BOATS - 1]);
    for (let i = 1; i < 10; i++) {
      await seated(room, `p${i}`);
      steps(room, 2);
      expect(bots()).toBe(Math.max(0, BOTS_FILL_TO_BOATS - 1 - i));
    }
    const names = room.roster.seats.map((seat) => seat.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("gives a bot's place to a person when people come faster than bots leave", async () => {
    const { room } = makeRoom();
    await seated(room, "p0");
    steps(room, BOTS_FILL_TO_BOATS);
    for (let i = 1; i < MAX_BOATS; i++) await seated(room, `p${i}`);
    expect(room.freeSeats).toBe(0);
    expect(room.state.bots.every((bot) => bot === null)).toBe(true);
    expect(await room.join(request("late"))).toEqual({ ok: false, code: "room-full" });
    steps(room, 2);
  });

  it("refuses the player after the last seat", async () => {
    const { room } = makeRoom();
    for (let i = 0; i < MAX_BOATS; i++) {
      await seated(room, `p${i}`);
      steps(room, 1);
    }
    expect(room.freeSeats).toBe(0);
    expect(await room.join(request("late"))).toEqual({ ok: false, code: "room-full" });
  });

  it("encodes deltas, and once a second only a keyframe, and both say the same", async () => {
    const { room } = makeRoom();
    const ear = new Ear();
    room.listen(ear);
    await seated(room, "ann");
    steps(room, 3 * KEYFRAME_INTERVAL_TICKS);
    expect(ear.frames[0]?.delta).toBeUndefined();
    const withoutDelta = ear.frames.filter((frame) => !frame.delta).map((frame) => frame.tick);
    expect(withoutDelta).toEqual([1, 30, 60, 90]);
    expect(ear.frames.at(-2)!.keyframe!()).toBe(ear.frames.at(-2)!.keyframe!());
    expect(ear.view?.tick).toBe(room.tick);
    expect(ear.view?.boats[0]?.x).toBe(room.state.world.boats[0]?.x);
  });

  it("begins with a keyframe again after a time without listeners", async () => {
    const { room } = makeRoom();
    await seated(room, "ann");
    const stop = room.listen(new Ear());
    steps(room, 2);
    stop();
    steps(room, 2);
    const ear = new Ear();
    room.listen(ear);
    steps(room, 1);
    expect(ear.frames[0]?.delta).toBeUndefined();
  });

  it("does not suffer from a listener that throws", async () => {
    const { room } = makeRoom();
    const errors: unknown[] = [];
    const ear = new Ear();
    room.listen({
      ...ear,
      frame: () => {
        throw new Error("a bad socket");
      },
      path: () => {},
      closed: () => {},
    });
    room.listen(ear);
    room.step((error) => errors.push(error));
    expect(errors).toHaveLength(1);
    expect(ear.frames).toHaveLength(1);
  });

  it("announces a changed roster at once, but three times a second at most, whoever joins and leaves in a loop", async () => {
    const test = makeRoom();
    await seated(test.room, "ann");
    steps(test.room, 1);
    expect(test.rosters).toBe(1);
    for (let turn = 0; turn < 3 * ROSTER_INTERVAL_TICKS; turn++) {
      await seated(test.room, "loop");
      test.room.leave(player("loop"));
      steps(test.room, 1);
    }
    expect(test.rosters).toBe(4);
  });

  it("has no bots where the server wants none", async () => {
    const { room } = makeRoom(undefined, 1, 0);
    await seated(room, "ann");
    steps(room, BOTS_FILL_TO_BOATS);
    expect(room.roster.seats.map((seat) => seat.name)).toEqual(["ann"]);
  });

  it("repeats the roster for whoever asks, at most once a second", async () => {
    const test = makeRoom();
    await seated(test.room, "ann");
    steps(test.room, 2 * ROSTER_INTERVAL_TICKS);
    const announced = test.rosters;
    test.room.wantKeyframe();
    steps(test.room, 1);
    expect(test.rosters).toBe(announced);
    steps(test.room, 30);
    test.room.wantKeyframe();
    test.room.wantKeyframe();
    steps(test.room, 10);
    expect(test.rosters).toBe(announced + 1);
  });

  it("tells scores when a round ends and when a player leaves", async () => {
    const { room, scores } = makeRoom();
    const { seat } = await seated(room, "ann");
    room.state.world.boats[seat]!.pearls = 3;
    room.state.world.boats[seat]!.score = 3;
    room.leave(player("ann"));
    expect(scores).toEqual([{ player: player("ann"), name: "ann", score: 3, round: 1 }]);
    const ben = await seated(room, "ben");
    const left = ROUND_TICKS - room.tick - 1;
    steps(room, left);
    room.state.world.boats[ben.seat]!.score = 5;
    steps(room, 2);
    expect(scores.at(-1)).toMatchObject({ player: player("ben"), score: 5, round: 1 });
  });

  it("computes the same world twice from the same frames", async () => {
    const hashes = await Promise.all(
      [1, 2].map(async () => {
        const { room } = makeRoom();
        await seated(room, "ann");
        for (let number = 1; number <= 200; number++) {
          room.input(
            player("ann"),
            inputFrame(number, room.tick + 2, { throttle: 7, rudder: (number % 15) - 7, fire: true }),
          );
          steps(room, 1);
        }
        return hashWorld(room.state.world);
      }),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });
});
