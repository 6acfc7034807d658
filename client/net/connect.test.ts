// The real socket.io-client against a server that speaks raw frames, so that what goes over the wire is seen as it is.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { encodeInput, encodeSnapshot, refusal } from "../../game/protocol/index.ts";
import { createWorld, viewOf } from "../../game/sim/index.ts";
import { socketIoDial } from "./connect.ts";
import { welcomeTo } from "./testing/hand-wire.ts";
import type { Traffic, WireEvents } from "./wire.ts";

let http: Server;
let server: WebSocketServer;
let url: string;

beforeEach(async () => {
  http = createServer();
  server = new WebSocketServer({ server: http });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  await new Promise((resolve) => http.close(resolve));
});

/** The server's end of the next socket, past Engine.IO's greeting, and what it hears. */
function accept(): Promise<{ socket: WebSocket; path: string; next: () => Promise<string | Buffer> }> {
  return new Promise((resolve) => {
    server.once("connection", (socket, request) => {
      const heard: (string | Buffer)[] = [];
      const waiting: ((message: string | Buffer) => void)[] = [];
      socket.on("message", (data: Buffer, isBinary) => {
        const message = isBinary ? data : data.toString();
        const waiter = waiting.shift();
        if (waiter) waiter(message);
        else heard.push(message);
      });
      const next = () =>
        new Promise<string | Buffer>((take) => {
          const message = heard.shift();
          if (message === undefined) waiting.push(take);
          else take(message);
        });
      const greeting = { sid: "e1", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 4096 };
      socket.send(`0${JSON.stringify(greeting)}`);
      resolve({ socket, path: request.url ?? "", next });
    });
  });
}

function recorder() {
  const told: unknown[][] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const tell = (...what: unknown[]) => {
    told.push(what);
    for (const waiter of waiting) if (told.length >= waiter.count) waiter.resolve();
  };
  const events: WireEvents = {
    open: () => tell("open"),
    frame: (bytes) => tell("frame", bytes),
    roster: (roster) => tell("roster", roster),
    rosterChange: (change) => tell("roster-change", change),
    path: (path) => tell("path", path),
    move: (move) => tell("move", move),
    release: (release) => tell("release", release),
    refused: (why) => tell("refused", why),
    closed: () => tell("closed"),
  };
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (told.length >= count) resolve();
      else waiting.push({ count, resolve });
    });
  return { told, events, until };
}

const hello = { protocol: 1, build: "test", token: "abc" };

test("a wire is one WebSocket; hello, join and input go up, snapshots come down as one bare frame each", async () => {
  const traffic: Traffic = { bytesDown: 0, bytesUp: 0 };
  const { told, events, until } = recorder();
  const accepted = accept();
  const wire = socketIoDial({ url })(hello, events, traffic);
  const { socket, path, next } = await accepted;
  expect(path).toContain("transport=websocket");
  expect(await next()).toBe(`40${JSON.stringify(hello)}`);
  socket.send('40{"sid":"s1"}');
  await until(1);

  const answered = new Promise((resolve) => wire.join({ name: "Ada" }, resolve));
  expect(await next()).toBe('420["join",{"name":"Ada","confirms":true}]');
  socket.send(`430${JSON.stringify([welcomeTo("ABCD")])}`);
  expect(await answered).toMatchObject({ ok: true, room: "ABCD" });

  const input = encodeInput({
    number: 1,
    tick: 9,
    controls: { throttle: 7, rudder: 0, aim: 3, fire: true, lagTicks: 2 },
  });
  wire.input(input);
  const heard = await next();
  expect(Uint8Array.from(heard as Buffer)).toEqual(input);

  const view = viewOf(createWorld(1));
  const snapshot = encodeSnapshot({ epoch: 1, rosterVersion: 1, view, events: [], reports: [] });
  socket.send(snapshot);
  await until(2);
  expect(Uint8Array.from(told[1]![1] as Uint8Array)).toEqual(snapshot);
  expect(traffic.bytesDown).toBeGreaterThan(snapshot.length);
  expect(traffic.bytesUp).toBeGreaterThan(input.length);
  wire.close();
});

test("a refused handshake brings the reason, then the end", async () => {
  const { told, events, until } = recorder();
  const accepted = accept();
  socketIoDial({ url })(hello, events, { bytesDown: 0, bytesUp: 0 });
  const { socket, next } = await accepted;
  await next();
  const why = refusal("protocol-version");
  socket.send(`44${JSON.stringify({ message: why.message, data: why })}`);
  await until(2);
  expect(told).toEqual([["refused", why], ["closed"]]);
});

test("a closing notice is told before the end that follows it", async () => {
  const { told, events, until } = recorder();
  const accepted = accept();
  socketIoDial({ url })(hello, events, { bytesDown: 0, bytesUp: 0 });
  const { socket, next } = await accepted;
  await next();
  socket.send('40{"sid":"s1"}');
  socket.send(`42${JSON.stringify(["closing", refusal("superseded")])}`);
  socket.send("41");
  await until(3);
  expect(told).toEqual([["open"], ["refused", refusal("superseded")], ["closed"]]);
});

test("an offer to move is told as it was sent, and what is no offer is not", async () => {
  const { told, events, until } = recorder();
  const accepted = accept();
  const wire = socketIoDial({ url })(hello, events, { bytesDown: 0, bytesUp: 0 });
  const { socket, next } = await accepted;
  await next();
  socket.send('40{"sid":"s1"}');
  socket.send('42["move",{"ticket":7,"notBeforeMs":0,"deadlineMs":10}]');
  socket.send('42["move"]');
  socket.send('42["move",{"ticket":"a.b.c","notBeforeMs":0,"deadlineMs":8000}]');
  await until(2);
  expect(told).toEqual([["open"], ["move", { ticket: "a.b.c", notBeforeMs: 0, deadlineMs: 8000 }]]);
  wire.join({ name: "Ada", room: "ABCD", ticket: "a.b.c" }, () => {});
  expect(await next()).toBe('420["join",{"name":"Ada","room":"ABCD","ticket":"a.b.c","confirms":true}]');
  wire.close();
});

test("what a server of another version says is taken as far as it is understood", async () => {
  const { told, events, until } = recorder();
  const accepted = accept();
  socketIoDial({ url })(hello, events, { bytesDown: 0, bytesUp: 0 });
  const { socket, next } = await accepted;
  await next();
  socket.send('40{"sid":"s1"}');
  socket.send('42["weather",{"wind":7}]');
  socket.send('42["release",{"version":7}]');
  socket.send('42["release",{"version":"v3","protocol":3,"mood":"calm"}]');
  socket.send('42["closing",{"code":"lent-to-a-museum","message":"Come and see."}]');
  socket.send("41");
  await until(3);
  expect(told).toEqual([["open"], ["release", { version: "v3", protocol: 3 }], ["closed"]]);
});

test("bytes that are no packet end the wire, and nothing reconnects by itself", async () => {
  const { told, events, until } = recorder();
  const accepted = accept();
  socketIoDial({ url })(hello, events, { bytesDown: 0, bytesUp: 0 });
  const { socket, next } = await accepted;
  await next();
  socket.send('40{"sid":"s1"}');
  await until(1);
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.send(Uint8Array.of(0xff, 1, 2));
  await until(2);
  await ended;
  expect(told).toEqual([["open"], ["closed"]]);
});

test("a port where nobody listens ends the wire", async () => {
  const { told, events, until } = recorder();
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
  const { port } = unused.address() as AddressInfo;
  await new Promise((resolve) => unused.close(resolve));
  socketIoDial({ url: `http://127.0.0.1:${port}` })(hello, events, { bytesDown: 0, bytesUp: 0 });
  await until(1);
  expect(told).toEqual([["closed"]]);
});
