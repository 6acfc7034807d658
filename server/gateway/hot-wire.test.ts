import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HotWire } from "./hot-wire.ts";
import { decoderOf, PacketDecoder, PacketEncoder } from "./packet-parser.ts";
import { Refused } from "./refused.ts";
import { RawClient } from "./server-for-tests.ts";
import { toWireFrame } from "./snapshot-writer.ts";

const FRAME_BYTES = 16_000;
/** More than any kernel buffers for one connection. */
const FRAMES_MAX = 10_000;
const MASK = [1, 2, 3, 4];
const BINARY = 0x82;
const TEXT = 0x81;

let http: HttpServer;
let io: Server;
let client: RawClient;
let socket: Socket;
let wire: HotWire;
/** Binary messages that came to the gate, and how many of the socket's reads its stream saw. */
let heard: Buffer[];
let streamed: number;

beforeEach(() => start());
afterEach(stop);

async function start({ pingIntervalMs = 25_000, makeWire = () => new HotWire(socket) } = {}): Promise<void> {
  http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const parser = { Encoder: PacketEncoder, Decoder: PacketDecoder };
  const options = { transports: ["websocket" as const], parser, perMessageDeflate: false };
  io = new Server(http, { ...options, pingInterval: pingIntervalMs });
  const connected = once(io, "connection");
  client = await RawClient.introduced(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  [socket] = await connected;
  heard = [];
  streamed = 0;
  wire = makeWire();
  tcp().on("data", () => streamed++);
  decoderOf(socket).gate = { message: () => {}, input: (frame) => void heard.push(Buffer.from(frame)) };
}

async function stop(): Promise<void> {
  client.socket.terminate();
  await io.close();
}

interface WebSocketParts {
  _socket: TcpSocket & { _handle: { useUserBuffer?: unknown } };
}
const webSocket = () => (socket.conn.transport as unknown as { socket: WebSocketParts }).socket;
const tcp = () => webSocket()._socket;

/** A connection as HotWire sees it, with other parts; Engine.IO and ws go on with their own. */
function disguised(conn: Record<string, unknown>, parts: Record<string, unknown> = {}): Socket {
  const over = <T extends object>(what: T, others: Record<string, unknown>): T =>
    new Proxy(what, {
      get(target, name) {
        if (Object.hasOwn(others, name)) return others[name as string];
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const transport = over(socket.conn.transport, { socket: over(webSocket(), parts) });
  return { conn: over(socket.conn, { transport, ...conn }) } as unknown as Socket;
}

/** The client's end, below its WebSocket: what is written there is read by the server in one piece if it is small. */
const rawOf = (of: RawClient) => (of.socket as unknown as { _socket: TcpSocket })._socket;

function clientFrame(kind: number, payload: Uint8Array): Buffer {
  const head =
    payload.length > 125
      ? [kind, 0x80 | 126, payload.length >> 8, payload.length & 0xff]
      : [kind, 0x80 | payload.length];
  return Buffer.from([...head, ...MASK, ...payload.map((byte, index) => byte ^ MASK[index & 3]!)]);
}

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
const short = (value: number) => clientFrame(BINARY, bytes(12, value));

async function hearing(count: number): Promise<number[]> {
  while (heard.length < count) await new Promise((resolve) => setImmediate(resolve));
  return heard.map((message) => message[0]!);
}

describe("what comes in by the hot way", () => {
  it("is every short binary frame, also several in one read, and the stream sees nothing of it", async () => {
    rawOf(client).write(Buffer.concat([short(1), short(2), short(3)]));
    expect(await hearing(3)).toEqual([1, 2, 3]);
    expect(heard.map((message) => message.length)).toEqual([12, 12, 12]);
    expect(streamed).toBe(0);
  });

  it("stays in order with text, long frames and frames in pieces, wherever a read ends", async () => {
    const answered = new Promise((resolve) => socket.on("ping", resolve));
    const text = clientFrame(TEXT, Buffer.from('42["ping",7]'));
    const first = Buffer.from([0x02, ...clientFrame(BINARY, bytes(5, 6)).subarray(1)]);
    const last = Buffer.from([0x80, ...clientFrame(BINARY, bytes(5, 6)).subarray(1)]);
    const all = [
      short(1),
      text,
      short(2),
      clientFrame(BINARY, bytes(300, 3)),
      short(4),
      first,
      last,
      short(7),
      short(8),
    ];
    const stream = Buffer.concat(all);
    for (let cut = 1; cut < stream.length; cut += 13) {
      heard = [];
      rawOf(client).write(stream.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      rawOf(client).write(stream.subarray(cut));
      expect(await hearing(7)).toEqual([1, 2, 3, 4, 6, 7, 8]);
      expect(heard.map((message) => message.length)).toEqual([12, 12, 300, 12, 10, 12, 12]);
    }
    expect(await answered).toBe(7);
  });

  it("may be kept: the next read does not write over it", async () => {
    rawOf(client).write(short(1));
    await hearing(1);
    rawOf(client).write(short(2));
    expect(await hearing(2)).toEqual([1, 2]);
  });

  it("ends the connection when the gate refuses it", async () => {
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));
    decoderOf(socket).gate = {
      message: () => {},
      input: () => {
        throw new Refused("bad-frame");
      },
    };
    rawOf(client).write(Buffer.concat([short(1), short(2)]));
    await client.closed();
    expect(errors).toEqual([new Refused("bad-frame")]);
  });

  it("leaves the heartbeat alone: pings are answered, and the connection lives on", async () => {
    await stop();
    await start({ pingIntervalMs: 50 });
    let beats = 0;
    const beaten = new Promise<void>((resolve) => socket.conn.on("heartbeat", () => ++beats === 3 && resolve()));
    const input = setInterval(() => rawOf(client).write(short(1)), 10);
    await beaten;
    clearInterval(input);
    expect(socket.connected).toBe(true);
  });

  it("is nothing after a close frame", async () => {
    rawOf(client).write(Buffer.concat([clientFrame(0x88, Uint8Array.of(3, 232)), short(1)]));
    await once(socket, "disconnect");
    expect(heard).toEqual([]);
  });
});

describe("what goes out by the hot way", () => {
  it("stays drained within a tick: a roster and a second snapshot cost nobody a frame", async () => {
    const frames = [1, 2].map((value) => toWireFrame(bytes(500, value)));
    socket.emit("roster", {});
    for (const frame of frames) {
      expect(wire.drained).toBe(true);
      wire.write(frame);
    }
    await client.frames(2);
    expect(client.binaries.map((binary) => [binary.length, binary[0]])).toEqual([
      [500, 1],
      [500, 2],
    ]);
  });

  it("stays in order with events, when they are many and when nobody reads", async () => {
    const order: unknown[] = [];
    client.on("binary", (binary) => order.push(binary[0]));
    client.on("packet", (packet) => order.push((packet.data as unknown[])[1]));
    client.socket.pause();
    while (wire.drained) wire.write(toWireFrame(bytes(FRAME_BYTES, 0)));
    for (let round = 1; round < 20; round++) {
      for (let each = 0; each < round % 3; each++) socket.emit("said", round);
      wire.write(toWireFrame(bytes(100, round)));
    }
    client.socket.resume();
    while (order.at(-1) !== 19) await once(client, "binary");
    const expected = Array.from({ length: 19 }, (_, index) => new Array(((index + 1) % 3) + 1).fill(index + 1)).flat();
    expect(order.filter((each) => each !== 0)).toEqual(expected);
  });

  it("is no longer drained when the other side does not read, and is again when it does", async () => {
    client.socket.pause();
    let written = 0;
    while (wire.drained && written < FRAMES_MAX) {
      wire.write(toWireFrame(bytes(FRAME_BYTES, written % 251)));
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(FRAMES_MAX);
    client.socket.resume();
    while (client.binaries.length < written) await client.frames(1);
    const isRight = client.binaries.every((each, index) => each.length === FRAME_BYTES && each[0] === index % 251);
    expect(isRight).toBe(true);
    expect(wire.drained).toBe(true);
  });

  it("has nothing to write to after the end", async () => {
    const ended = once(socket, "disconnect");
    client.socket.terminate();
    await ended;
    expect(wire.drained).toBe(false);
    wire.write(toWireFrame(bytes(10, 1)));
  });

  it("ends the connection when the system refuses a write", async () => {
    const ended = once(socket, "disconnect");
    tcp()._write = (_chunk, _encoding, done) => done(new Error("EPIPE"));
    wire.write(toWireFrame(bytes(10, 1)));
    await ended;
    expect(wire.drained).toBe(false);
  });
});

describe("where a part that the hot way relies on is missing", () => {
  it.each<[string, () => HotWire, string]>([
    ["net's slot for a buffer of one's own", () => withoutSharedReads(), "written hot"],
    ["ws's state of reading", () => new HotWire(disguised({}, { _receiver: { _state: 0 } })), "written hot"],
    ["the system's socket, in ws", () => new HotWire(disguised({}, { _socket: undefined })), "written as ever"],
    ["Engine.IO's queue", () => new HotWire(disguised({ writeBuffer: undefined })), "written as ever"],
  ])("%s: messages take the ordinary way", async (_what, makeWire, written) => {
    await stop();
    await start({ makeWire });
    client.socket.send(bytes(12, 1));
    expect(await hearing(1)).toEqual([1]);
    expect(streamed).toBeGreaterThan(0);
    let packets = 0;
    socket.conn.on("packetCreate", () => packets++);
    wire.write(toWireFrame(bytes(300, 9)));
    expect((await client.frames(1))[0]).toEqual(Buffer.alloc(300, 9));
    expect(packets === 0 ? "written hot" : "written as ever").toBe(written);
    expect(wire.drained).toBe(true);
  });
});

function withoutSharedReads(): HotWire {
  Object.defineProperty(tcp()._handle, "useUserBuffer", { value: undefined });
  return new HotWire(socket);
}
