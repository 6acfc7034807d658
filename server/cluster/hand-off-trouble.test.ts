import { beforeEach, describe, expect, it } from "vitest";
import type { RoomCode } from "../room/room-port.ts";
import type { HandOff } from "./cluster.ts";
import { inputsOf, Tab, type TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { largestStep, type SharedRoom, shareRoom } from "./shared-room-for-tests.ts";
import { PREPARED_LOOK_MS, SEALED_MAX_MS } from "./timing.ts";

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

describe("a hand-off in trouble", () => {
  /** Lets trouble begin right after the seal. */
  async function atTheSeal(trouble: () => void, heir = b): Promise<HandOff> {
    const seal = a.rooms.seal.bind(a.rooms);
    a.rooms.seal = async (sealed) => {
      const answer = await seal(sealed);
      trouble();
      return answer;
    };
    return world.settle(a.cluster.handOff(code, heir.id));
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

  /** A server without players in the room: nobody there would miss it. */
  async function stranger(): Promise<TestServer> {
    const d = await world.start("d");
    await world.advance(2000);
    return d;
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

  it("in which only the owner has lost Redis goes on where it was, with all that came while it stood still", async () => {
    const joins: Promise<unknown>[] = [];
    const outcome = await atTheSeal(() => {
      a.store.link = "silent";
      world.clock.after(20, () => {
        ann.steer(ann.newest.tick + 3);
        bob.steer(ann.newest.tick + 3);
        cyd.port.leave(cyd.player);
        joins.push(new Tab(a, ann.port, "dot").join(), new Tab(b, bob.port, "eve").join());
      });
      world.clock.after(SEALED_MAX_MS + 100, () => {
        a.store.link = "up";
      });
    });
    expect(outcome).toBe("failed");
    expect(await world.settle(Promise.all(joins))).toMatchObject([{ ok: true }, { ok: true }]);
    await world.advance(500);
    expect(owners()).toEqual(["a"]);
    expect(inputsOf(a, code, ann.player)).toEqual({ received: 1, applied: 1 });
    expect(inputsOf(a, code, bob.player)).toEqual({ received: 1, applied: 1 });
    const players = a.rooms.get(code)!.state.seats.flatMap((seat) => (seat ? [seat.player] : []));
    expect(players.toSorted()).toEqual(["ann", "bob", "dot", "eve"]);
  });

  it("of a room that cannot be written down goes on where it was", async () => {
    a.rooms.get(code)!.checkpoint = () => {
      throw new Error("too large");
    };
    expect(await handOff(b)).toBe("failed");
    await world.advance(500);
    expect(owners()).toEqual(["a"]);
    expect(largestStep(ann)).toBe(1);
  });

  it("whose answers are lost is done all the same", async () => {
    const outcome = await atTheSeal(() => {
      a.store.link = "mute";
      world.clock.after(350, () => {
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
    for (let sent = 0; sent < 10; sent++) {
      ann.steer(ann.newest.tick + 2);
      await world.advance(40);
    }
    expect(owners()).toEqual(["a"]);
    a.store.link = "up";
    await world.advance(1000);
    expect(owners()).toEqual(["b"]);
    expect(b.rooms.get(code)!.epoch).toBe(2);
    expect(inputsOf(b, code, ann.player)).toEqual({ received: 10, applied: 10 });
    await endsWell(["b"]);
  });

  it("whose message to the heir is lost is found in the directory by the heir, soon", async () => {
    const d = await stranger();
    const outcome = await atTheSeal(() => {
      a.bus.cut = true;
      world.clock.after(40, () => {
        a.bus.cut = false;
      });
    }, d);
    expect(outcome).toBe("handed-off");
    await world.advance(PREPARED_LOOK_MS + 20);
    expect(owners()).toEqual(["d"]);
    await endsWell(["d"]);
  });

  it("whose heir has forgotten it is found again by the players' gateways", async () => {
    const d = await stranger();
    const outcome = await atTheSeal(() => {
      a.bus.cut = true;
      // Its heart beats on.
      const { room } = d.store;
      d.store.room = () => Promise.reject(new Error("no answer"));
      world.clock.after(SEALED_MAX_MS, () => {
        a.bus.cut = false;
        d.store.room = room;
      });
    }, d);
    expect(outcome).toBe("handed-off");
    await world.advance(SEALED_MAX_MS);
    expect(owners()).toEqual([]);
    await world.advance(1000);
    await endsWell(["d"]);
  });

  it("whose heir dies at once ends with somebody else", async () => {
    await atTheSeal(() => kill(b));
    await world.advance(4000);
    expect(owners()).toHaveLength(1);
    await endsWell(owners());
  });

  it("whose old owner dies after the seal ends with the heir, or somebody else", async () => {
    await atTheSeal(() => {
      world.clock.after(0, () => kill(a));
    });
    await world.advance(4000);
    expect(owners()).toHaveLength(1);
    await endsWell(owners());
  });

  it("whose heir cannot read the room comes back", async () => {
    b.rooms.adopt = () => {
      throw new Error("cannot read a checkpoint");
    };
    await handOff(b);
    await world.advance(100);
    expect(owners()).toEqual(["a"]);
    expect(a.rooms.get(code)?.epoch).toBe(3);
    await endsWell(["a"]);
  });
});
