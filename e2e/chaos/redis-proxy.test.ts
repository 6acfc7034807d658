import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RedisProxy } from "./redis-proxy.ts";

let echo: Server;
let proxy: RedisProxy;
let client: Socket;

beforeEach(async () => {
  echo = createServer((socket) => socket.pipe(socket).on("error", () => {}));
  await once(echo.listen(0, "127.0.0.1"), "listening");
  proxy = await RedisProxy.open(`redis://127.0.0.1:${(echo.address() as AddressInfo).port}`);
  client = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  await once(client, "connect");
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  echo.close();
});

async function answer(question: string): Promise<string> {
  client.write(question);
  const [chunk] = (await once(client, "data")) as [Buffer];
  return chunk.toString();
}

test("passes everything on, both ways", async () => {
  expect(await answer("PING")).toBe("PING");
});

test("lets nothing through while it is cut, and everything afterwards, in order, over the same connection", async () => {
  await answer("before");
  let heard = "";
  client.on("data", (chunk) => {
    heard += chunk;
  });
  proxy.cut();
  client.write("one ");
  client.write("two");
  const other = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  await once(other, "connect");
  const fromOther = once(other, "data");
  other.write("three");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toBe("");
  proxy.heal();
  expect(String(await fromOther)).toBe("three");
  while (heard.length < 7) await once(client, "data");
  expect(heard).toBe("one two");
  other.destroy();
});

test("makes what is sent late by as much as it is told", async () => {
  proxy.setDelay(300);
  const startedMs = performance.now();
  expect(await answer("PING")).toBe("PING");
  expect(performance.now() - startedMs).toBeGreaterThan(290);
});

test("ends the other side when one side ends", async () => {
  await answer("so that the first one is through");
  const [served] = await Promise.all([
    new Promise<Socket>((resolve) => echo.once("connection", resolve)),
    once(
      connect(Number(new URL(proxy.url).port), "127.0.0.1")
        .end("bye")
        .resume(),
      "close",
    ),
  ]);
  if (!served.closed) await once(served, "close");
  expect(served.closed).toBe(true);
});
