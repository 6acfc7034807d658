import { beforeEach, describe, expect, it } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import type { RoomCode } from "../room/room-port.ts";
import { inputsOf, Tab, type TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { enter, type SharedRoom, shareRoom } from "./shared-room-for-tests.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;
let c: TestServer;
let ann: Tab;
let bob: Tab;
let cyd: Tab;
let code: RoomCode;
let handOff: SharedRoom["handOff"];
let kill: SharedRoom["kill"];

beforeEach(async () => {
  ({ world, a, b, c, ann, bob, cyd, code, handOff, kill } = await shareRoom());
});

describe("two sockets of one seat during a move", () => {
  it.each([
    ["from the owner to another server", () => [a, a, ann] as const, () => c],
    ["from elsewhere to the owner", () => [c, c, cyd] as const, () => a],
    ["between two others", () => [c, c, cyd] as const, () => b],
  ])("%s: inputs from both count once, both hear, and the older one's end is nothing", async (_, older, to) => {
    const [, , old] = older();
    const server = to();
    const young = await enter(world, server, (await server.cluster.find(code))!, old.player, old);
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
    const young = await enter(world, server, (await server.cluster.find(code))!, "ann", ann);
    await world.advance(50);
    expect(await handOff(b)).toBe("handed-off");
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

  it.each(["a", "c"])("survive a hand-off to the older one's server, the newer one at %s", async (id) => {
    const server = world.servers.find((found) => found.id === id)!;
    const young = await enter(world, server, (await server.cluster.find(code))!, "bob", bob);
    await world.advance(50);
    expect(await handOff(b)).toBe("handed-off");
    await world.advance(100);
    bob.away();
    await world.advance(300);
    const seat = b.rooms.get(code)!.state.seats.find((found) => found?.player === "bob");
    expect(seat?.state).toMatchObject({ connection: young.connection });
    young.steer(young.newest.tick + 4);
    await world.advance(200);
    expect(inputsOf(b, code, bob.player).received).toBe(1);
  });

  it.each(["a", "b", "c"])("survive the owner's death in the middle, the newer one at %s", async (id) => {
    // The owner that dies is another one than either socket's.
    const d = await world.start("d");
    await world.advance(2000);
    expect(await handOff(d)).toBe("handed-off");
    await world.advance(1000);
    const server = world.servers.find((found) => found.id === id)!;
    const young = await enter(world, server, (await server.cluster.find(code))!, "ann", ann);
    await world.advance(1000);
    kill(d);
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

  it("takes a ticket again whose way ended badly, and no more once the seat has gone on from there", async () => {
    const young = await enter(world, c, cyd.port, "ann", ann);
    const again = new Tab(b, bob.port, "ann", "ann-socket-3", ann.connection);
    expect(await world.settle(again.join())).toMatchObject({ ok: true, replaced: young.connection });
    const last = new Tab(c, cyd.port, "ann", "ann-socket-4", again.connection);
    expect(await world.settle(last.join())).toMatchObject({ ok: true, replaced: again.connection });
    const late = new Tab(b, bob.port, "ann", "ann-socket-5", ann.connection);
    expect(await world.settle(late.join())).toEqual({ ok: false, code: "bad-ticket" });
  });
});
