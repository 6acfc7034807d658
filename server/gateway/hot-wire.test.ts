import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PacketDecoder, PacketEncoder } from "./packet-parser.ts";
import { RawClient } from "./server-for-tests.ts";
import { isDrained, toWireFrame, writeFrame } from "./snapshot-writer.ts";

const FRAME_BYTES = 16_000;
/** More than any kernel buffers for one connection. */
const FRAMES_MAX = 10_000;

let http: HttpServer;
let io: Server;
let client: RawClient;
let socket: Socket;

beforeEach(async () => {
  http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const parser = { Encoder: PacketEncoder, Decoder: PacketDecoder };
  io = new Server(http, { transports: ["websocket"], parser, perMessageDeflate: false });
  const connected = once(io, "connection");
  client = await RawClient.introduced(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  [socket] = await connected;
});

afterEach(async () => {
  client.socket.terminate();
  await io.close();
});

describe("writing snapshots to a real socket", () => {
  it("stays drained within a tick: a roster and a second snapshot cost nobody a frame", async () => {
    const frames = [1, 2].map((value) => toWireFrame(new Uint8Array(500).fill(value)));
    socket.emit("roster", {});
    for (const frame of frames) {
      expect(isDrained(socket)).toBe(true);
      writeFrame(socket, frame);
    }
    await client.frames(2);
    expect(client.binaries.map((binary) => [binary.length, binary[0]])).toEqual([
      [500, 1],
      [500, 2],
    ]);
  });

  it("is no longer drained when the other side does not read, and is again when it does", async () => {
    client.socket.pause();
    let written = 0;
    while (isDrained(socket) && written < FRAMES_MAX) {
      writeFrame(socket, toWireFrame(new Uint8Array(FRAME_BYTES).fill(written % 251)));
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(FRAMES_MAX);
    client.socket.resume();
    while (client.binaries.length < written) await client.frames(1);
    expect(client.binaries.every((binary, index) => binary.length === FRAME_BYTES && binary[0] === index % 251)).toBe(
      true,
    );
    expect(isDrained(socket)).toBe(true);
  });

  it("has nothing to write to after the end", async () => {
    const ended = once(socket, "disconnect");
    client.socket.terminate();
    await ended;
    expect(isDrained(socket)).toBe(false);
  });
});
