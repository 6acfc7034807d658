import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Child } from "../child.ts";
import { ProcessPlatform, readListening } from "./process.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function platformOf(script: string) {
  const folder = mkdtempSync(join(tmpdir(), "tg-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const spawned: Child[] = [];
  cleanUps.unshift(() => spawned.map((child) => child.signal("SIGKILL")));
  const platform = new ProcessPlatform({
    command: process.execPath,
    args: () => ["-e", script],
    cwd: folder,
    host: "127.0.0.1",
    environment: (spec) => ({ SERVER_ID: spec.id }),
    logFile: (id) => join(folder, `${id}.log`),
    onSpawn: (child) => spawned.push(child),
  });
  return { platform, spawned };
}

const spec = { id: "s1", version: "v1", generation: 1, targetGroupArn: "arn:tg", environment: {} };
const never = new AbortController().signal;
const LISTENS = `console.log('hello'); console.log(JSON.stringify({ event: "listening", port: 4321, id: process.env.SERVER_ID })); setInterval(() => {}, 1000);`;

test("a task has started when its process says that it listens, and where", async () => {
  const { platform, spawned } = platformOf(LISTENS);
  const task = await platform.startTask(spec, never);
  expect(task).toMatchObject({ spec, pid: spawned[0]?.pid, address: { host: "127.0.0.1", port: 4321 } });
  platform.stopTask(task);
  expect(await task.exited).toEqual({ code: null, signal: "SIGTERM" });
});

test("a task can be killed", async () => {
  const { platform } = platformOf(LISTENS);
  const task = await platform.startTask(spec, never);
  platform.kill(task);
  expect(await task.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("a process that ends before it listens is quoted", async () => {
  const { platform } = platformOf("console.error('no Redis here'); process.exitCode = 1");
  await expect(platform.startTask(spec, never)).rejects.toThrow(
    /^s1 ended before it listened \(exit code 1\); the end of .*s1\.log:\nno Redis here$/,
  );
});

test("a start that is no longer wanted leaves no process behind", async () => {
  const { platform, spawned } = platformOf("setInterval(() => {}, 1000)");
  const wanted = new AbortController();
  const starting = platform.startTask(spec, wanted.signal);
  await expect.poll(() => spawned).toHaveLength(1);
  wanted.abort();
  await expect(starting).rejects.toThrow("s1 is no longer wanted");
  expect(await spawned[0]?.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("the first tasks start together, and later ones one after the other", async () => {
  const { platform, spawned } = platformOf(LISTENS);
  await Promise.all(["s1", "s2"].map((id) => platform.startTask({ ...spec, id }, never)));
  const cancelled = new AbortController();
  const [third, fourth, fifth] = [
    platform.startTask({ ...spec, id: "s3" }, never),
    platform.startTask({ ...spec, id: "s4" }, cancelled.signal),
    platform.startTask({ ...spec, id: "s5" }, never),
  ];
  cancelled.abort();
  await Promise.resolve();
  expect(spawned.map((child) => child.name)).toEqual(["s1", "s2", "s3"]);
  await third;
  await expect(fourth).rejects.toThrow("s4 is no longer wanted.");
  await fifth;
  expect(spawned.map((child) => child.name)).toEqual(["s1", "s2", "s3", "s5"]);
});

test("only a line that is the event counts", () => {
  expect(readListening('{"event":"listening","port":80,"level":30}')).toBe(80);
  expect(readListening('{"event":"listening","port":0}')).toBeUndefined();
  expect(readListening('{"event":"other","note":"listening","port":80}')).toBeUndefined();
  expect(readListening('now "listening" on port 80')).toBeUndefined();
});
