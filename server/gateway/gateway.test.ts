import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeSnapshot, readSnapshotHeader } from "../../game/protocol/index.ts";
import { eventName, type Introduction, RawClient, type ServerUnderTest, startServer } from "./server-for-tests.ts";

let test: ServerUnderTest;
const clients: RawClient[] = [];

beforeEach(async () => {
  test = await startServer();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await test.close();
});

async function client(introduction?: Introduction) {
  const made = await RawClient.introduced(test.url, introduction);
  clients.push(made);
  return made;
}

describe("a player's socket", () => {
  it("joins, is welcomed, and gets a keyframe first, then deltas, each as one binary frame", async () => {
    const ann = await client({ headers: { "x-amzn-trace-id": "Root=1-abc" } });
    const welcome = await ann.ask("join", { name: "Ann" });
    expect(welcome).toMatchObject({
      ok: true,
      seat: 0,
      resumed: false,
      inputsReceived: 0,
      tickRate: 30,
      path: { gateway: { id: "server-1" }, owner: { id: "server-1" }, epoch: 1, traceId: "Root=1-abc" },
    });
    await ann.frames(5);
    let view = decodeSnapshot(ann.binaries[0]!).view;
    for (const frame of ann.binaries.slice(1, 5)) {
      const snapshot = decodeSnapshot(frame, view);
      expect(snapshot.view.tick).toBe(view.tick + 1);
      view = snapshot.view;
    }
    expect(view.boats[0]).not.toBeNull();
  });

  it("sails by input frames", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    await ann.frames(1);
    const { tick } = readSnapshotHeader(ann.binaries.at(-1)!)!;
    ann.input(1, tick + 5, { throttle: 7 });
    await ann.frames(15);
    const room = test.rooms.list()[0]!;
    expect(room.state.world.boats[0]).toMatchObject({ inputsApplied: 1, controls: { throttle: 7 } });
  });

  it("hears rosters of its room, and answers to its pings", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    const ben = await client();
    await ben.ask("join", { name: "Ben" });
    const roster = await ann.until(
      (packet) => eventName(packet) === "roster" && JSON.stringify(packet.data).includes("Ben"),
    );
    expect((roster.data as [string, { version: number }])[1].version).toBeGreaterThan(1);
    expect(await ann.ask("ping", 42)).toBe(42);
  });

  it("finds its boat again after its socket broke, by its token", async () => {
    const first = await client();
    const { token, seat, room, player } = await first.ask("join", { name: "Ann" });
    await first.frames(2);
    first.input(1, 1);
    await first.frames(2);
    first.socket.terminate();
    const second = await client({ token });
    const again = await second.ask("join", { name: "Ann" });
    expect(again).toMatchObject({ ok: true, seat, room, player, resumed: true, inputsReceived: 1 });
  });

  it("counts as lost when its connection breaks, not when its tab is closed, nor when the server ends it", async () => {
    const seated = async (token?: string) => {
      const made = await client(token === undefined ? {} : { token });
      return { made, answer: await made.ask("join", { name: "Ann" }) };
    };
    const onlyConnected = await client();
    const closed = await seated();
    const older = await seated();
    await seated(older.answer.token);
    expect(await older.made.closingCode()).toBe("superseded");
    closed.made.socket.close(1001);
    onlyConnected.socket.terminate();
    await expect.poll(() => test.server.status().connections).toBe(1);
    expect(test.metrics.period.take()).toMatchObject({ lost: 0 });
    const broken = await seated();
    broken.made.socket.terminate();
    await expect.poll(() => test.server.status().connections).toBe(1);
    expect(test.metrics.period.take()).toMatchObject({ lost: 1 });
    expect(await test.metrics.registry.metrics()).toMatch(/tidegate_lost_connections_total\{.*\} 1\n/);
  });

  it("takes over from an older tab of the same player, which is told so", async () => {
    const older = await client();
    const { token } = await older.ask("join", { name: "Ann" });
    const newer = await client({ token });
    expect(await newer.ask("join", { name: "Ann" })).toMatchObject({ ok: true, resumed: true });
    expect(await older.closingCode()).toBe("superseded");
    await newer.frames(3);
    expect(test.rooms.list()[0]!.state.seats[0]?.state.kind).toBe("seated");
    expect(test.server.status().players).toBe(1);
  });

  it("takes over from an older tab in another room as well", async () => {
    const older = await client();
    const { token } = await older.ask("join", { name: "Ann" });
    test.rooms.create("ZZZZ" as never, 1);
    const newer = await client({ token });
    expect(await newer.ask("join", { name: "Ann", room: "ZZZZ" })).toMatchObject({ ok: true, resumed: false });
    expect(await older.closingCode()).toBe("superseded");
    await newer.frames(3);
  });

  it("may leave and join another room, and its last inputs on the way do no harm", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    ann.event("leave");
    ann.input(1, 5);
    const other = test.rooms.create("ZZZZ" as never, 1);
    expect(await ann.ask("join", { name: "Ann", room: "zzzz" })).toMatchObject({ ok: true, room: "ZZZZ" });
    expect(other.players).toBe(1);
    await ann.frames(2);
  });

  it("gets a keyframe when it asks for one", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    await ann.frames(2);
    ann.event("keyframe");
    await ann.ask("ping", 1);
    const frames = await ann.frames(2);
    expect(frames.some((frame) => (frame[0]! & 0xf0) === 0x30)).toBe(true);
  });

  it("is told when its room has a fault, and others play on", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    test.rooms.create("ZZZZ" as never, 1);
    const ben = await client();
    await ben.ask("join", { name: "Ben", room: "ZZZZ" });
    test.rooms.list()[0]!.state.world.boats = null as never;
    expect(await ann.closingCode()).toBe("room-closed");
    await ben.frames(3);
  });

  it("that breaks off while a seat is being looked for takes none: a newer connection may have it", async () => {
    const ann = await client();
    const found = slowly();
    ann.raw(`421${JSON.stringify(["join", { name: "Ann" }])}`);
    await found.asked;
    ann.socket.terminate();
    await eventually(() => test.server.status().connections === 0);
    await found.answer();
    const bob = await client();
    expect(await bob.ask("join", { name: "Bob" })).toMatchObject({ ok: true, seat: 0 });
    expect(test.rooms.list()[0]?.players).toBe(1);
  });

  it("that leaves while a seat is being looked for gives it back", async () => {
    const ann = await client();
    const found = slowly();
    ann.raw(`421${JSON.stringify(["join", { name: "Ann" }])}`);
    await found.asked;
    ann.event("leave");
    await ann.ask("ping", 1);
    await found.answer();
    await eventually(() => test.rooms.list()[0]?.players === 0);
    expect(await ann.ask("join", { name: "Ann" })).toMatchObject({ ok: true });
  });

  it("is logged with the room that it is in, however often it has changed rooms", async () => {
    const lines: string[] = [];
    const log = pino({ level: "info" }, { write: (line) => void lines.push(line) });
    const logged = await startServer({ log });
    logged.rooms.create("ZZZZ" as never, 1);
    const ann = await RawClient.introduced(logged.url);
    for (const room of [undefined, "ZZZZ", undefined]) {
      await ann.ask("join", { name: "Ann", ...(room && { room }) });
      ann.event("leave");
    }
    await ann.ask("ping", 1);
    ann.raw("4hello");
    await ann.closed();
    await logged.close();
    const roomsIn = (event: string) =>
      lines.filter((line) => line.includes(`"event":"${event}"`)).map((line) => line.split('"room":').length - 1);
    expect(roomsIn("seated")).toEqual([1, 1, 1]);
    expect(roomsIn("closing")).toEqual([0]);
  });

  it("leaves its points behind when the server leaves, while the cluster still takes them", async () => {
    const ann = await client();
    const { seat } = await ann.ask("join", { name: "Ann" });
    test.rooms.list()[0]!.state.world.boats[seat]!.score = 9;
    const said: string[] = [];
    test.rooms.onScore((_code, { name, score }) => said.push(`${name} ${score}`));
    test.cluster.close = async () => void said.push("cluster closed");
    await test.server.close();
    expect(said.slice(0, 2)).toEqual(["Ann 9", "cluster closed"]);
  });

  it("is told that the server is leaving", async () => {
    const ann = await client();
    await ann.ask("join", { name: "Ann" });
    const left = test.server.close();
    expect(await ann.closingCode()).toBe("draining");
    expect(await left).toEqual([]);
  });
});

/** Quick play that answers when told to. */
function slowly(): { asked: Promise<void>; answer(): Promise<void> } {
  const { quickPlay } = test.cluster;
  let asked = () => {};
  let answer = () => {};
  const whenAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const whenAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  test.cluster.quickPlay = async () => {
    asked();
    await whenAnswered;
    test.cluster.quickPlay = quickPlay;
    return quickPlay.call(test.cluster);
  };
  return {
    asked: whenAsked,
    async answer() {
      answer();
      await whenAnswered;
    },
  };
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
