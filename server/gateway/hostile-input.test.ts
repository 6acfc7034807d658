import { once } from "node:events";
import { request } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  CLIENT_MESSAGE_MAX_BYTES,
  COUNTER_MAX,
  decodeSnapshot,
  encodeInput,
  MESSAGES_BURST_MAX,
  NAME_MAX_CHARACTERS,
  PROTOCOL_VERSION,
  REPORT_INTERVAL_TICKS,
} from "../../game/protocol/index.ts";
import { MAX_BOATS, neutralControls, type View } from "../../game/sim/index.ts";
import { request as seatRequest } from "../room/room-for-tests.ts";
import { RoomsFull } from "../room/room-host.ts";
import { type Introduction, RawClient, SECRET, type ServerUnderTest, startServer } from "./server-for-tests.ts";

/** More than any kernels keep for one connection. */
const PINGED_MAX_BYTES = 64_000_000;

let test: ServerUnderTest;
let witness: RawClient;
let sent = 0;
const gaps: [number, number][] = [];
const clients: RawClient[] = [];

beforeAll(async () => {
  test = await startServer();
  test.rooms.create("HERE" as never, 1);
  witness = await RawClient.introduced(test.url);
  watch(witness);
  await witness.ask("join", { name: "Witness", room: "HERE" });
});

afterAll(async () => {
  witness.socket.terminate();
  await test.close();
});

/** Whatever happened: the other player in the room still gets every tick, and has no input lost or doubled. */
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  witness.input(++sent, 1, { rudder: 3 });
  await witness.ask("ping", sent);
  await witness.frames(2);
  expect(gaps).toEqual([]);
  expect(boatOfWitness().inputsApplied).toBe(sent);
  expect(witness.closeCode).toBeUndefined();
});

function watch(client: RawClient): void {
  let view: View | undefined;
  client.on("binary", (frame) => {
    const next = decodeSnapshot(frame, view).view;
    if (view && next.tick !== view.tick + 1) gaps.push([view.tick, next.tick]);
    view = next;
  });
}

function boatOfWitness() {
  const room = test.rooms.list().find((found) => found.code === "HERE")!;
  const index = room.state.seats.findIndex((seat) => seat?.name === "Witness");
  return room.state.world.boats[index]!;
}

async function stranger(introduction?: Introduction): Promise<RawClient> {
  const client = await RawClient.introduced(test.url, introduction);
  clients.push(client);
  return client;
}

/** A WebSocket, and nothing more. */
async function arrived(): Promise<RawClient> {
  const client = new RawClient(test.url);
  clients.push(client);
  await once(client.socket, "open");
  return client;
}

async function neighbour(name = "Bad"): Promise<RawClient> {
  const client = await stranger();
  expect(await client.ask("join", { name, room: "HERE" })).toMatchObject({ ok: true });
  return client;
}

function refusedCode(client: RawClient): unknown {
  const packet = client.packets.find((found) => found.type === 4);
  return (packet?.data as { data?: { code?: string } } | undefined)?.data?.code;
}

/** Enough for a slow machine, too: the budget fills while the flood comes. */
const FLOOD = 5 * MESSAGES_BURST_MAX;

const goodInput = encodeInput({ number: 1, tick: 5, controls: neutralControls });

describe("a seated player who sends", () => {
  it.each([
    ["text that is no packet", "4hello"],
    ["JSON that ends too early", '42["join",{'],
    ["an event that nobody knows", '42["admin"]'],
    ["a name that Socket.IO keeps for itself", '42["disconnect"]'],
    ["an event without a name", "42[]"],
    ["a placeholder for binary attachments", '451-["input",{"_placeholder":true,"num":0}]'],
    ["a join without asking for an answer", '42["join",{"name":"x"}]'],
    ["a ping that is no number", '420["ping","x"]'],
    ["an empty message", "4"],
    ["an empty binary frame", new Uint8Array(0)],
    ["a truncated input", goodInput.slice(0, -1)],
    ["an input with bytes after its end", new Uint8Array([...goodInput, 0])],
    ["an input of another codec version", new Uint8Array([goodInput[0]! ^ 0x0f, ...goodInput.slice(1)])],
    ["a snapshot", new Uint8Array([0x31, ...new Array(20).fill(1)])],
    ["random bytes", new Uint8Array(24).map((_, index) => (index * 151) & 0xff)],
  ])("%s is told bad-frame and loses its socket", async (_what, message) => {
    const bad = await neighbour();
    bad.raw(message);
    expect(await bad.closingCode()).toBe("bad-frame");
  });

  it("a message that is too large is told too-large", async () => {
    const bad = await neighbour();
    bad.raw(`42["join","${"x".repeat(CLIENT_MESSAGE_MAX_BYTES)}"]`);
    expect(await bad.closingCode()).toBe("too-large");
  });

  it("a message beyond all limits is cut off by WebSocket itself", async () => {
    const bad = await neighbour();
    bad.raw("4".repeat(100_000));
    expect(await bad.closed()).toBe(1009);
  });

  it.each([
    ["a player", () => neighbour()],
    ["somebody who has not said a word", () => arrived()],
  ])("%s who pings by WebSocket and reads no answer is cut off", async (_who, come) => {
    const bad = await come();
    const { _socket: tcp } = bad.socket as unknown as { _socket: TcpSocket };
    tcp.pause();
    const ping = Buffer.from([0x89, 0x80 | 125, ...new Array<number>(4 + 125).fill(0)]);
    const pings = Buffer.concat(new Array<Buffer>(8_000).fill(ping));
    let sentBytes = 0;
    for (; !tcp.destroyed && sentBytes < PINGED_MAX_BYTES; sentBytes += pings.length) {
      await new Promise((resolve) => tcp.write(pings, resolve));
    }
    expect(sentBytes).toBeLessThan(PINGED_MAX_BYTES);
  });

  it("a flood of inputs is told too-many-messages", async () => {
    const bad = await neighbour();
    for (let number = 1; number <= FLOOD; number++) bad.input(number, 1);
    expect(await bad.closingCode()).toBe("too-many-messages");
  });

  it("a flood of events is told the same", async () => {
    const bad = await neighbour();
    for (let i = 0; i < FLOOD; i++) bad.raw('427["ping",1]');
    expect(await bad.closingCode()).toBe("too-many-messages");
  });

  it("a second join is answered already-seated and keeps its seat", async () => {
    const bad = await neighbour();
    expect(await bad.ask("join", { name: "Again", room: "HERE" })).toMatchObject({ ok: false, code: "already-seated" });
    await bad.frames(1);
  });

  it.each([
    ["labels far in the future", 1, COUNTER_MAX],
    ["numbers near the end of counting", COUNTER_MAX, 1],
  ])("%s has those inputs dropped or applied, and everybody can read the reports", async (_what, number, tick) => {
    const bad = await neighbour();
    bad.input(number, tick);
    await witness.frames(REPORT_INTERVAL_TICKS + 2);
    expect(await bad.ask("ping", 1)).toBe(1);
  });
});

describe("a stranger", () => {
  it.each([
    ["of another protocol version", { protocol: PROTOCOL_VERSION + 1 }, "protocol-version"],
    ["with a protocol version that is no number", { protocol: "1" as never }, "bad-frame"],
    ["with a token that is none", { token: "not.a.token" }, "bad-token"],
    ["with an empty token", { token: "" }, "bad-token"],
    ["with a token of 100 kB", { token: "x".repeat(3000) }, "bad-token"],
  ])("%s is refused in the handshake", async (_what, introduction, code) => {
    const client = await stranger(introduction);
    expect(refusedCode(client)).toBe(code);
    await client.closed();
  });

  it("with a token that somebody else signed, or nobody, is refused", async () => {
    const claims = { iss: "tidegate", sub: "AAAAAAAAAAAAAAAAAAAAAA" };
    const key = (secret: string) => new TextEncoder().encode(secret);
    const forged = [
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(key(SECRET.replace("a", "b"))),
      await new SignJWT(claims).setProtectedHeader({ alg: "HS512" }).sign(key(`${SECRET}${SECRET}`)),
      await new SignJWT({ ...claims, sub: "<b>" }).setProtectedHeader({ alg: "HS256" }).sign(key(SECRET)),
      await new SignJWT({ ...claims, iss: "else" }).setProtectedHeader({ alg: "HS256" }).sign(key(SECRET)),
      new UnsecuredJWT(claims).encode(),
    ];
    for (const token of forged) expect(refusedCode(await stranger({ token }))).toBe("bad-token");
  });

  it("that speaks before it introduced itself is closed", async () => {
    const client = new RawClient(test.url);
    clients.push(client);
    await once(client.socket, "open");
    client.raw(goodInput);
    await client.closed();
  });

  it("that asks for another namespace, or introduces itself twice, gets nothing", async () => {
    const other = new RawClient(test.url);
    clients.push(other);
    await once(other.socket, "open");
    other.raw('40/admin,{"protocol":1}');
    expect(await other.until((packet) => packet.type === 4)).toMatchObject({ nsp: "/admin" });
    const twice = await stranger();
    twice.raw('40{"protocol":1,"build":"x"}');
    await twice.closed();
  });

  it("that takes its leave is closed: without a session nobody would ever end it", async () => {
    const guest = await stranger();
    guest.packet({ type: 1, nsp: "/" });
    await guest.closed();
  });

  it("that introduces itself many times at once is closed, and let in once at most", async () => {
    const eager = new RawClient(test.url);
    clients.push(eager);
    await once(eager.socket, "open");
    for (let i = 0; i < 50; i++) eager.raw(`40{"protocol":${PROTOCOL_VERSION},"build":"x"}`);
    await eager.closed();
    expect(eager.packets.filter((packet) => packet.type === 0).length).toBeLessThanOrEqual(1);
  });

  it("that sends inputs without a seat is told not-seated", async () => {
    const client = await stranger();
    client.raw(goodInput);
    expect(await client.closingCode()).toBe("not-seated");
  });

  it("from a page of another host is refused in the handshake, and one from this host is not", async () => {
    const evil = await stranger({ headers: { Origin: "https://evil.example" } });
    expect(refusedCode(evil)).toBe("bad-origin");
    await evil.closed();
    const own = await stranger({ headers: { Origin: "https://127.0.0.1:8443" } });
    expect(refusedCode(own)).toBeUndefined();
  });

  it("is refused when the server holds as many sockets as it takes, and not answered when there are twice as many", async () => {
    const small = await startServer({ connectionsMax: 1 });
    const first = await RawClient.introduced(small.url);
    const second = await RawClient.introduced(small.url);
    expect(refusedCode(second)).toBe("server-full");
    await second.closed();
    const silent = new RawClient(small.url);
    await once(silent.socket, "open");
    const unanswered = new RawClient(small.url);
    await unanswered.closed();
    expect(refusedCode(first)).toBeUndefined();
    for (const client of [first, silent]) client.socket.terminate();
    await small.close();
  });

  it("that wants to poll is turned away", async () => {
    const answer = request(`${test.url.replace("ws", "http")}/socket.io/?EIO=4&transport=polling`);
    answer.end();
    const [response] = await once(answer, "response");
    expect(response.statusCode).toBe(400);
    response.resume();
  });
});

describe("a join", () => {
  it.each([
    ["without a name", { room: "HERE" }, "bad-name"],
    ["with a name of control characters", { name: "\u0000\u0007\u200b", room: "HERE" }, "bad-name"],
    ["with a name that is no text", { name: { toString: "x" }, room: "HERE" }, "bad-name"],
    ["with a code of the wrong form", { name: "x", room: "../.." }, "bad-code"],
    ["of a room that does not exist", { name: "x", room: "NQNE" }, "unknown-room"],
  ])("%s is refused and the socket stays", async (_what, join, code) => {
    const client = await stranger();
    expect(await client.ask("join", join)).toMatchObject({ ok: false, code });
    expect(await client.ask("ping", 1)).toBe(1);
  });

  it("that is not even an object costs the socket", async () => {
    const client = await stranger();
    client.raw('420["join",7]');
    expect(await client.closingCode()).toBe("bad-frame");
  });

  it("keeps markup in a name as text and drops what turns text around", async () => {
    const client = await neighbour("<b>\u202eAnn\u202c</b>");
    const room = test.rooms.list().find((found) => found.code === "HERE")!;
    expect(room.state.seats.map((seat) => seat?.name)).toContain("<b>Ann</b>");
    client.socket.terminate();
    const long = await neighbour("x".repeat(NAME_MAX_CHARACTERS + 5));
    expect(room.state.seats.some((seat) => seat?.name === "x".repeat(NAME_MAX_CHARACTERS))).toBe(true);
    long.socket.terminate();
  });

  it("of a full room is refused", async () => {
    const full = test.rooms.create("FULL" as never, 1);
    for (let i = 0; i < MAX_BOATS; i++) await full.join(seatRequest(`p${i}`));
    const client = await stranger();
    expect(await client.ask("join", { name: "late", room: "FULL" })).toMatchObject({ ok: false, code: "room-full" });
  });

  it("is refused as unavailable while the directory cannot be asked", async () => {
    const client = await stranger();
    test.cluster.reachable = false;
    const answer = await client.ask("join", { name: "x", room: "HERE" });
    test.cluster.reachable = true;
    expect(answer).toMatchObject({ ok: false, code: "unavailable" });
  });

  it("is refused as server-full when no further room is taken", async () => {
    const client = await stranger();
    const { quickPlay } = test.cluster;
    test.cluster.quickPlay = async () => {
      throw new RoomsFull("full");
    };
    expect(await client.ask("join", { name: "x" })).toMatchObject({ ok: false, code: "server-full" });
    test.cluster.quickPlay = quickPlay;
  });
});
