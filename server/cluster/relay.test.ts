// The two ends of a room's channels, when messages are lost, players change their gateway, or somebody sends nonsense.

import { beforeEach, describe, expect, it } from "vitest";
import { encodeInput } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import type { Bus, BusHandler } from "./bus.ts";
import { upChannel } from "./channels.ts";
import { inputsOf, Tab, TestCluster, type TestServer } from "./cluster-for-tests.ts";
import { decodeRelay, encodeRelay, type UpMessage } from "./envelope.ts";
import { RoomRelay } from "./relay.ts";
import { noMetrics } from "./telemetry.ts";
import { CATCH_UP_MS, LEASE_MS, WATCH_INTERVAL_MS } from "./timing.ts";

let world: TestCluster;
let a: TestServer;
let b: TestServer;
let bob: Tab;

/** Bob's socket is at `b`, his room at `a`. */
beforeEach(async () => {
  world = new TestCluster();
  a = await world.start("a");
  b = await world.start("b");
  await world.advance(2000);
  const port = await a.cluster.quickPlay();
  await new Tab(a, port, "ann").join();
  const { code } = port;
  bob = new Tab(b, (await b.cluster.find(code))!, "bob");
  await world.settle(bob.join());
  await world.advance(500);
});

function seatOf(player: string) {
  return a.rooms.get(bob.port.code)!.state.seats.find((seat) => seat?.player === player)?.state;
}

/** As if `b` had sent it. */
function send(message: UpMessage): void {
  b.bus.publish(upChannel(bob.port.code), encodeRelay(message));
}

describe("lost messages", () => {
  it("never put a delta before a player that is a difference to something else", async () => {
    b.bus.cut = true;
    await world.advance(200);
    b.bus.cut = false;
    await world.advance(1000);
    const ticks = bob.frames.map((frame) => frame.tick);
    const gaps = bob.frames.filter((frame, index) => index > 0 && frame.tick !== ticks[index - 1]! + 1);
    expect(gaps.length).toBe(1);
    expect(gaps.every((frame) => frame.keyframe && !frame.delta)).toBe(true);
  });

  it("of inputs are made up for when the channel is back, each applied once", async () => {
    for (let sent = 0; sent < 12; sent++) {
      b.bus.cut = sent >= 4 && sent < 8;
      bob.steer(bob.newest.tick + 5 + sent);
      await world.advance(50);
    }
    await world.advance(1500);
    expect(inputsOf(a, bob.port.code, bob.player)).toEqual({ received: 12, applied: 12 });
  });

  it("of a goodbye show in the gateway's next list of players", async () => {
    await world.advance(3000);
    b.bus.cut = true;
    bob.away();
    await world.advance(100);
    b.bus.cut = false;
    expect(seatOf("bob")).toMatchObject({ kind: "seated" });
    await world.advance(6000);
    expect(seatOf("bob")).toMatchObject({ kind: "away" });
  });
});

describe("a player whose voice is elsewhere now", () => {
  it("keeps it, whatever the gateway of an older tab goes on saying", async () => {
    const port = (await a.cluster.find(bob.port.code))!;
    const newer = new Tab(a, port, "bob", "bob-second-socket");
    expect(await newer.join()).toMatchObject({ ok: true, resumed: true });
    await world.advance(4000);
    expect(seatOf("bob")).toMatchObject({ kind: "seated", connection: "bob-second-socket" });
    bob.away();
    await world.advance(1000);
    expect(seatOf("bob")).toMatchObject({ kind: "seated", connection: "bob-second-socket" });
  });
});

describe("a gateway that was given up while it was out of reach", () => {
  it("gets its players' seats back when it speaks again", async () => {
    b.bus.cut = true;
    await world.advance(5000);
    expect(seatOf("bob")).toMatchObject({ kind: "away" });
    b.bus.cut = false;
    await world.advance(1000);
    expect(seatOf("bob")).toMatchObject({ kind: "seated" });
    expect(bob.lost).toEqual([]);
  });

  it("hears of a seat that is gone for good", async () => {
    b.setCut(true);
    await world.advance(20_000);
    expect(seatOf("bob")).toBeUndefined();
    b.setCut(false);
    await world.advance(2000);
    expect(bob.lost).toEqual(["unavailable"]);
    await world.advance(500);
    expect(seatOf("bob")).toBeUndefined();
  });
});

describe("a list of players that names a seat which the room has lost", () => {
  it("does not cost a newer socket of the player the seat that it takes at the same moment", async () => {
    const room = a.rooms.create("QQQQ" as RoomCode, 2);
    const sent: (string | undefined)[] = [];
    const handlers: BusHandler[] = [];
    const bus: Bus = {
      connected: true,
      publish: (_, bytes) => void sent.push(decodeRelay(bytes)?.kind),
      subscribe: async (_, handler) => {
        handlers.push(handler);
        return () => {};
      },
      onReturn: () => () => {},
      close: async () => {},
    };
    const self = { id: "a", version: "v1" };
    const relay = new RoomRelay(
      { clock: world.clock, bus, metrics: noMetrics, self, room, catchUp() {}, connectionHere: () => undefined },
      {
        kind: "taken-over",
      },
    );
    const older = { player: "eve" as PlayerId, name: "eve", gateway: "b" as ServerId, connection: "eve-1" };
    const request = { ...older, connection: "eve-2" };
    const presence = { gateway: older.gateway, seats: [older] };
    // Both in one piece of what the connection brings, so nothing settles in between.
    for (const message of [
      { kind: "presence", epoch: 2, presence },
      { kind: "join", epoch: 2, requestId: 1, request },
    ] satisfies UpMessage[])
      handlers[0]?.(encodeRelay(message));
    await world.advance(10);
    relay.close();
    const seat = a.rooms.get("QQQQ" as RoomCode)?.state.seats.find((one) => one?.player === "eve");
    expect(seat?.state).toMatchObject({ kind: "seated", connection: "eve-2" });
    expect(relay.remotePlayers).toBe(1);
    expect(sent).toContain("answer");
    expect(sent).not.toContain("seat-lost");
  });
});

describe("a player who comes back from a server that has died", () => {
  it("plays again as soon as the lease has run out, however late the return", async () => {
    const code = bob.port.code;
    const c = await world.start("c");
    await world.advance(2000);
    // So that a whole interval would have passed until the next beat.
    while ((await c.store.room(code))!.leaseLeftMs < LEASE_MS) await world.advance(1);
    a.crash();
    b.crash();
    world.servers.splice(0, 2);
    await world.advance(LEASE_MS - 100);
    const port = await c.cluster.find(code);
    const back = new Tab(c, port!, "bob", "bob-again");
    const joining = back.join();
    await world.advance(100 + 2 * WATCH_INTERVAL_MS);
    expect(c.rooms.get(code)).toBeDefined();
    expect(await world.settle(joining)).toMatchObject({ ok: true, resumed: true });
  });
});

describe("a new owner that has never seen the room", () => {
  /** `c` takes over what `b` has seen more of. */
  async function takenOverByStranger(): Promise<TestServer> {
    const c = await world.start("c");
    await world.advance(2000);
    // So that it lets others claim first.
    b.cluster.setState("draining");
    a.crash();
    world.servers.shift();
    await world.advance(1210);
    expect(await world.settle(c.cluster.find(bob.port.code))).toMatchObject({ epoch: 2, owner: { id: "c" } });
    return c;
  }

  it("catches up with what the players' gateways say they have seen, so that nobody waits for it", async () => {
    const c = await takenOverByStranger();
    const last = bob.newest.tick;
    await world.advance(250);
    expect(c.rooms.get(bob.port.code)!.tick).toBeGreaterThan(last);
    expect(bob.newest.epoch).toBe(2);
  });

  it("does not leap once it is known, whoever comes back with a tale of later ticks", async () => {
    const c = await takenOverByStranger();
    await world.advance(CATCH_UP_MS);
    const room = c.rooms.get(bob.port.code)!;
    const { tick } = room;
    const presence = { gateway: "b" as ServerId, seats: [], newestTick: tick + 50 };
    send({ kind: "presence", epoch: 2, presence });
    await world.advance(100);
    expect(room.tick).toBeLessThan(tick + 6);
  });
});

describe("what is not for this owner", () => {
  it("is ignored: nonsense, and messages of a higher epoch", async () => {
    b.bus.publish(upChannel(bob.port.code), Uint8Array.of(0xff, 1, 2, 3));
    b.bus.publish(upChannel(bob.port.code), new Uint8Array(0));
    send({ kind: "leave", epoch: 9, player: bob.player });
    await world.advance(500);
    expect(seatOf("bob")).toMatchObject({ kind: "seated" });
  });

  it("is ignored: inputs, goodbyes and leaves of players whose socket is here", async () => {
    const request = { player: "ann" as never, connection: "ann-socket", gateway: "b" as ServerId };
    send({ kind: "leave", epoch: 1, player: request.player });
    send({ kind: "away", epoch: 1, player: request.player, connection: request.connection });
    await world.advance(500);
    expect(seatOf("ann")).toMatchObject({ kind: "seated" });
  });

  it("is ignored: an input that was sent in an older epoch, since it will be sent again", async () => {
    const c = await world.start("c");
    await world.advance(2000);
    const cid = new Tab(c, (await c.cluster.find(bob.port.code))!, "cid");
    await world.settle(cid.join());
    await world.advance(1000);
    a.crash();
    await world.advance(3000);
    const [owner, away, tab] = bob.port.owner.id === "b" ? [b, c, cid] : [c, b, bob];
    const late = (epoch: number, number: number): void => {
      const controls = { throttle: 7, rudder: 0, aim: 0, fire: false, lagTicks: 0 };
      const frame = encodeInput({ number, tick: tab.newest.tick + 5, controls });
      away.bus.publish(upChannel(tab.port.code), encodeRelay({ kind: "input", epoch, player: tab.player, frame }));
    };
    late(1, 1);
    await world.advance(500);
    expect(inputsOf(owner, tab.port.code, tab.player).received).toBe(0);
    late(2, 1);
    await world.advance(500);
    expect(inputsOf(owner, tab.port.code, tab.player).received).toBe(1);
  });
});
