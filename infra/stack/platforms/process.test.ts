import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Child } from "../child.ts";
import { ProcessPlatform, readListening } from "./process.ts";
import { LISTENS, never, platformContract, spec } from "./testing/platform-contract.ts";

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
    environment: (spec) => ({ SERVER_ID: spec.id, ...spec.environment }),
    logFile: (id) => join(folder, `${id}.log`),
    onSpawn: (child) => spawned.push(child),
  });
  return { platform, spawned };
}

platformContract("processes", (script) => {
  const { platform, spawned } = platformOf(script);
  const alive = () => spawned.filter((child) => child.exit === undefined).length;
  return { platform, counts: () => ({ started: spawned.length, alive: alive() }) };
});

test("a task has started when its process says that it listens, and where", async () => {
  const { platform, spawned } = platformOf(LISTENS);
  const task = await platform.startTask(spec, never);
  expect(task).toMatchObject({ spec, pid: spawned[0]?.pid, address: { host: "127.0.0.1", port: 4321 } });
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
