// Real sockets through a relay. How long bytes take is only asserted from below: a busy machine makes them later, never earlier.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { freePort } from "../ports.ts";
import { Relay } from "./relay.ts";

const RTT_MS = 60;

let target: Server;
let relay: Relay;
let port: number;
/** What the target's end of each connection does. */
let serve: (socket: Socket) => void;

beforeEach(async () => {
  serve = (socket) => socket.pipe(socket);
  target = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {}); // cut by the test
    serve(socket);
  });
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  port = await freePort();
  const { port: targetPort } = target.address() as { port: number };
  relay = new Relay({ port, target: { host: "127.0.0.1", port: targetPort }, rttMs: RTT_MS, clock: systemClock });
  await relay.start();
});

afterEach(async () => {
  await relay.close();
  target.close();
});

async function open({ allowHalfOpen } = { allowHalfOpen: false }): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen });
  socket.on("error", () => {}); // cut by the test
  await once(socket, "connect");
  return socket;
}

/** `once` of events would reject with an error, which is how a cut may arrive. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));

test("the first answer takes two round trips, as with a handshake, and each later one takes one", async () => {
  const startedMs = performance.now();
  const socket = await open();
  socket.write("hello");
  expect(String((await once(socket, "data"))[0])).toBe("hello");
  const greetedMs = performance.now();
  expect(greetedMs - startedMs).toBeGreaterThanOrEqual(2 * RTT_MS - 2);
  socket.write("again");
  expect(String((await once(socket, "data"))[0])).toBe("again");
  expect(performance.now() - greetedMs).toBeGreaterThanOrEqual(RTT_MS - 2);
  socket.destroy();
});

test("megabytes arrive whole and in order, and the end of a question leaves the answer open", async () => {
  const sent = Buffer.alloc(5 * 1024 * 1024, "0123456789abcdef-");
  const socket = await open({ allowHalfOpen: true });
  socket.end(sent);
  const heard: Buffer[] = [];
  for await (const chunk of socket) heard.push(chunk as Buffer);
  expect(Buffer.concat(heard).equals(sent)).toBe(true);
});

test("a connection that the target cuts is cut for the client", async () => {
  serve = (socket) => socket.resetAndDestroy();
  const socket = await open();
  socket.resume();
  await closed(socket);
});

test("a connection that the client cuts is cut for the target", async () => {
  const cut = new Promise((resolve) => {
    serve = (socket) => {
      socket.resume();
      socket.once("close", resolve);
      socket.once("end", () => socket.end());
    };
  });
  const socket = await open();
  socket.write("hello");
  socket.resetAndDestroy();
  await cut;
});

test("without a target connections are closed", async () => {
  await new Promise((resolve) => target.close(resolve));
  const socket = await open();
  socket.resume();
  await closed(socket);
});

test("a port that is taken is refused with a sentence", async () => {
  const second = new Relay({ port, target: { host: "127.0.0.1", port: 1 }, rttMs: 0, clock: systemClock });
  await expect(second.start()).rejects.toThrow(`Cannot listen on 127.0.0.1 port ${port}:`);
});
