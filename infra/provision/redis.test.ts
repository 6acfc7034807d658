import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startEmbeddedRedis } from "./embedded-redis.ts";
import { provisionRedis, provisionRedisProgram } from "./redis.ts";
import { question, readAnswer } from "./redis-probe.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  vi.unstubAllEnvs();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-provision-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function makeProgram(folder: string, name: string, shell: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function answering(text: string): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => {}); // the probe hangs up as soon as it knows
    socket.once("data", () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => server.close());
  return (server.address() as { port: number }).port;
}

test("an embedded Redis answers on loopback, is taken by REDIS_URL, and ends", async () => {
  const folder = makeFolder();
  const program = await provisionRedisProgram(() => {});
  const redis = await startEmbeddedRedis({ program, directory: folder, logFile: join(folder, "redis.log") });
  cleanUps.push(() => redis.end());
  expect(await provisionRedis(redis.url, () => {})).toEqual({ kind: "url", url: redis.url });
  await redis.end();
  expect(redis.child.exit).toMatchObject({ code: 0 });
  const again = await startEmbeddedRedis({
    program,
    directory: folder,
    logFile: join(folder, "b.log"),
    port: redis.port,
  });
  cleanUps.push(() => again.end());
  expect(again.url).toBe(redis.url);
});

test("a Redis that does not answer is refused with its address and without its password", async () => {
  const port = await answering("");
  await expect(provisionRedis(`redis://:secret@127.0.0.1:${port}`, () => {})).rejects.toThrow(
    `Cannot reach the Redis that REDIS_URL names (127.0.0.1:${port}): the connection was closed.`,
  );
});

test("a Redis that is too old for sharded channels is refused with its version", async () => {
  const port = await answering("$22\r\nredis_version:6.2.14\r\n\r\n");
  await expect(provisionRedis(`redis://127.0.0.1:${port}`, () => {})).rejects.toThrow("is version 6.2.14: 7 or newer");
});

test("a wrong password is told in Redis's words", async () => {
  const port = await answering("-WRONGPASS invalid username-password pair\r\n");
  await expect(provisionRedis(`redis://:x@127.0.0.1:${port}`, () => {})).rejects.toThrow("WRONGPASS");
});

test("something else than a Redis is refused", async () => {
  const port = await answering("HTTP/1.1 400 Bad Request\r\n\r\n");
  await expect(provisionRedis(`redis://127.0.0.1:${port}`, () => {})).rejects.toThrow("not that of a Redis");
});

test("without Redis and without a way to install one, a sentence says what to do", async () => {
  vi.stubEnv("REDIS_BIN", undefined);
  vi.stubEnv("PATH", makeFolder());
  await expect(provisionRedisProgram(() => {})).rejects.toThrow(
    "Redis 7 or newer is needed and it cannot be installed here without a question: install it, or set REDIS_URL to one that runs.",
  );
});

test("a package manager that fails is quoted", async () => {
  const folder = makeFolder();
  vi.stubEnv("REDIS_BIN", undefined);
  vi.stubEnv("PATH", folder);
  makeProgram(folder, "brew", "echo no network >&2; exit 1");
  const said: string[] = [];
  await expect(provisionRedisProgram((line) => said.push(line))).rejects.toThrow("brew failed: no network");
  expect(said[0]).toBe("Installing redis (brew) ...");
});

test("a program that is too old is refused", async () => {
  const folder = makeFolder();
  vi.stubEnv("REDIS_BIN", undefined);
  vi.stubEnv("PATH", folder);
  makeProgram(folder, "redis-server", 'echo "Redis server v=6.0.16 sha=00000000:0"');
  await expect(provisionRedisProgram(() => {})).rejects.toThrow(
    "redis-server is version 6.0.16: 7 or newer is needed.",
  );
});

test("a password and a user go into AUTH, decoded", () => {
  expect(question(new URL("redis://ann:a%40b@127.0.0.1"))).toMatch(
    /^\*3\r\n\$4\r\nAUTH\r\n\$3\r\nann\r\n\$3\r\na@b\r\n\*2/,
  );
  expect(question(new URL("redis://127.0.0.1"))).toBe("*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n");
});

test("an answer in pieces is waited for", () => {
  expect(readAnswer("+OK\r\n$40\r\nredis_vers")).toBeUndefined();
  expect(readAnswer("+OK\r\n$40\r\n# Server\r\nredis_version:7.0.15\r\n")).toEqual({
    kind: "version",
    version: "7.0.15",
  });
});
