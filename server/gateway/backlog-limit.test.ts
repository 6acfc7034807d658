import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BACKLOG_MAX_BYTES, limitBacklog } from "./backlog-limit.ts";
import { PacketDecoder, PacketEncoder } from "./packet-parser.ts";
import { RawClient } from "./server-for-tests.ts";

const TEXT = "x".repeat(4_000);
/** More than any kernel buffers for one connection. */
const EVENTS_MAX = 20_000;

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
  limitBacklog(socket);
});

afterEach(async () => {
  client.socket.terminate();
  await io.close();
});

const queued = (): number =>
  (socket.conn as unknown as { writeBuffer: { data: string }[] }).writeBuffer.reduce(
    (sum, { data }) => sum + data.length,
    0,
  );
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the limit of what waits for a connection", () => {
  it("ends one that reads nothing, and never holds much more than the limit for it", async () => {
    client.socket.pause();
    let said = 0;
    let most = 0;
    for (; socket.connected && said < EVENTS_MAX; said++) {
      socket.emit("roster", TEXT);
      most = Math.max(most, queued());
      await turn();
    }
    expect(said).toBeLessThan(EVENTS_MAX);
    expect(most).toBeLessThan(BACKLOG_MAX_BYTES + 2 * TEXT.length);
  });

  it("leaves alone one that reads, however much it is told", async () => {
    const events = (4 * BACKLOG_MAX_BYTES) / TEXT.length;
    for (let said = 0; said < events; said++) {
      socket.emit("roster", TEXT);
      await turn();
    }
    await expect.poll(() => client.packets.filter(({ type }) => type === 2).length).toBe(Math.ceil(events));
    expect(socket.connected).toBe(true);
  });

  it("leaves alone one that is told many small things at once", async () => {
    for (let said = 0; said < 300; said++) socket.emit("path", said);
    await expect.poll(() => client.packets.filter(({ type }) => type === 2).length).toBe(300);
    expect(socket.connected).toBe(true);
  });
});
