import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { VirtualClock } from "../clock.ts";
import { RawClient, type ServerUnderTest, startServer } from "../gateway/server-for-tests.ts";
import { KEEP_ALIVE_MS } from "./http-server.ts";
import { Readiness } from "./readiness.ts";

let test: ServerUnderTest;
let directory: string;
let url: string;

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "client-")));
  await mkdir(join(directory, "dist", "assets"), { recursive: true });
  await writeFile(join(directory, "dist", "index.html"), "<!doctype html><title>T</title>");
  await writeFile(join(directory, "dist", "assets", "main-4f3a.js"), "export {};");
  await writeFile(join(directory, "secret.txt"), "secret");
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "assets", "older-77aa.js"), "export {}; // older");
  test = await startServer({ clientDir: join(directory, "dist"), assetsDir: join(directory, "assets") });
  url = test.url.replace("ws", "http");
});

afterAll(async () => {
  await test.close();
  await rm(directory, { recursive: true });
});

/** A request line as it is: `fetch` would tidy the path up. */
async function raw(requestLine: string, header = "Accept: */*"): Promise<string> {
  const socket = connect(test.server.port, "127.0.0.1");
  socket.write(`${requestLine} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n\r\n`);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

/** How many times this process has a file open, as Linux tells. */
async function openFiles(path: string): Promise<number> {
  const links = await readdir("/proc/self/fd");
  const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => "")));
  return targets.filter((target) => target === path).length;
}

describe("a server that leaves", () => {
  it("does not wait for a request that never ends", async () => {
    const leaving = await startServer();
    const slow = connect(leaving.server.port, "127.0.0.1");
    slow.on("error", () => {}); // Cut off: either as an end or as a reset.
    await once(slow, "connect");
    slow.write("GET / HTTP/1.1\r\nHost: x\r\n");
    await fetch(`${leaving.url.replace("ws", "http")}/healthz`);
    const cut = once(slow, "close");
    expect(await leaving.server.close()).toEqual([]);
    await cut;
  });
});

describe("the client's files", () => {
  it("come with their types; hashed ones are kept for ever, the page never", async () => {
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain("<title>T</title>");
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const script = await fetch(`${url}/assets/main-4f3a.js`);
    expect(script.headers.get("content-type")).toMatch("javascript");
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it("of other builds are there too, kept for ever, even those that came while this server runs", async () => {
    const older = await fetch(`${url}/assets/older-77aa.js`);
    expect([older.status, await older.text()]).toEqual([200, "export {}; // older"]);
    expect(older.headers.get("content-type")).toMatch("javascript");
    expect(older.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    await writeFile(join(directory, "assets", "newer-88bb.js"), "export {}; // newer");
    expect(await (await fetch(`${url}/assets/newer-88bb.js?x=1`)).text()).toBe("export {}; // newer");
    await rm(join(directory, "assets", "newer-88bb.js"));
    expect((await fetch(`${url}/assets/newer-88bb.js`)).status).toBe(404);
  });

  it("that turn out to be unreadable end that answer only", async () => {
    const unreadable = createServer().listen(join(directory, "dist", "socket.js"));
    await once(unreadable, "listening");
    await expect(fetch(`${url}/socket.js`)).rejects.toThrow();
    unreadable.close();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it.each(["bytes=0-3", "bytes=5-2", "bytes=-1", "bytes=9999-"])(
    "come whole, whatever part is asked for: %s",
    async (range) => {
      const answer = await raw("GET /assets/main-4f3a.js", `Range: ${range}`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toMatch(/\r\nexport {};$/);
    },
  );

  it.runIf(process.platform === "linux")("are closed when whoever asked for them hangs up halfway", async () => {
    await writeFile(join(directory, "dist", "large.bin"), new Uint8Array(32 * 1024 * 1024));
    const open = () => openFiles(join(directory, "dist", "large.bin"));
    const socket = connect(test.server.port, "127.0.0.1");
    socket.write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    expect(await open()).toBe(1);
    socket.destroy();
    await vi.waitFor(async () => expect(await open()).toBe(0));
  });

  it("answer HEAD without a body, and 304 to a browser that has them", async () => {
    const head = await fetch(`${url}/`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const again = await fetch(`${url}/`, { headers: { "if-none-match": head.headers.get("etag")! } });
    expect(again.status).toBe(304);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/../secret.txt",
    "/assets/..%2fsecret.txt",
    "/assets/%2e%2e/secret.txt",
    "/assets//../secret.txt",
    "/assets/%00",
    "/assets/",
    "/%00",
    "/%zz",
    "//",
  ])("are not left by asking for %s", async (path) => {
    const answer = await raw(`GET ${path}`);
    expect(answer).not.toContain("secret");
    expect(answer).toMatch(/^HTTP\/1\.1 (404|200)/);
  });

  it("come with headers that browsers protect the page by", async () => {
    const { headers } = await fetch(`${url}/`);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get("content-security-policy")).toContain(`wss://127.0.0.1:${test.server.port}`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("cannot be written", async () => {
    expect((await fetch(`${url}/`, { method: "POST", body: "x" })).status).toBe(405);
    expect((await fetch(`${url}/healthz`, { method: "DELETE" })).status).toBe(405);
  });
});

describe("what a server tells about itself", () => {
  it("is alive, and ready once an upgrade works", async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "alive" });
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
    expect(ready.headers.get("keep-alive")).toBe(`timeout=${KEEP_ALIVE_MS / 1000}`);
  });

  it("is not ready while Redis is away, and says so", async () => {
    test.cluster.reachable = false;
    const answer = await fetch(`${url}/readyz`);
    test.cluster.reachable = true;
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, reasons: ["redis-unreachable"] }]);
  });

  it("shows rooms and players, as status and as metrics", async () => {
    const client = await RawClient.introduced(test.url);
    const { room } = await client.ask("join", { name: "Ann" });
    await client.frames(5);
    const status = await (await fetch(`${url}/statusz`)).json();
    expect(status).toMatchObject({
      id: "server-1",
      version: "v1",
      generation: 1,
      state: "ready",
      players: 1,
      rooms: [{ code: room, players: 1, epoch: 1, tick: expect.any(Number) }],
      remoteRooms: [],
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/tidegate_players\{.*\} 1\n/);
    expect(metrics).toMatch(/tidegate_tick_seconds_count\{.*\} [1-9]/);
    expect(metrics).toMatch(/tidegate_snapshots_out_total\{.*\} [1-9]/);
    expect(metrics).toMatch(/tidegate_event_loop_lag_p99_seconds\{.*\} 0?\.?\d/);
    client.socket.terminate();
  });

  it("tells the best scores", async () => {
    const hall = await (await fetch(`${url}/api/hall-of-fame`)).json();
    expect(hall).toEqual([{ name: "ann", score: 9, at: "2026-01-01T00:00:00.000Z" }]);
  });
});

describe("readiness", () => {
  it("checks the upgrade once a second, however many ask", async () => {
    const clock = new VirtualClock();
    let checks = 0;
    let works = true;
    const readiness = new Readiness({
      clock,
      isDraining: () => false,
      isRedisReachable: () => true,
      checkUpgrade: async () => {
        checks++;
        return works;
      },
    });
    await Promise.all([readiness.reasons(), readiness.reasons(), readiness.reasons()]);
    expect(checks).toBe(1);
    works = false;
    await clock.advance(1000);
    expect(await readiness.reasons()).toEqual(["upgrade-failed"]);
  });
});
