import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { describeExit, endChild, lineReader, spawnChild } from "./child.ts";
import { systemClock } from "./clock.ts";
import { deferred } from "./deferred.ts";
import { LogFile, lastLines } from "./log-file.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function logFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "tg-"));
  folders.push(folder);
  return join(folder, "logs", "child.log");
}

function runScript(script: string) {
  const ready = deferred<void>();
  const child = spawnChild({
    name: "child",
    command: process.execPath,
    args: ["-e", script],
    logFile: logFile(),
    onLine: () => ready.resolve(),
  });
  return { child, ready: ready.promise };
}

test("a child's output goes to its log, whole, by the time it has ended", async () => {
  const { child } = runScript("console.log('out'); console.error('err'); process.exitCode = 3");
  expect(await child.exited).toEqual({ code: 3, signal: null });
  expect(readFileSync(child.logFile, "utf8").split("\n").sort()).toEqual(["", "err", "out"]);
  expect(child.exit).toEqual({ code: 3, signal: null });
});

test("a program that does not exist ends at once, and the log says why", async () => {
  const child = spawnChild({ name: "x", command: "/nowhere/x", args: [], logFile: logFile() });
  expect(child.pid).toBeUndefined();
  expect((await child.exited).code).toBe(-1);
  expect(readFileSync(child.logFile, "utf8")).toContain("cannot start: spawn /nowhere/x ENOENT");
});

test("a child that listens to SIGTERM ends by it", async () => {
  const { child, ready } = runScript("setInterval(() => {}, 1000); console.log('ready')");
  await ready;
  await endChild(child, 60_000, systemClock);
  expect(child.exit).toEqual({ code: null, signal: "SIGTERM" });
});

test("a child that does not listen to SIGTERM gets SIGKILL after the limit", async () => {
  const { child, ready } = runScript(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')",
  );
  await ready;
  await endChild(child, 50, systemClock);
  expect(child.exit).toEqual({ code: null, signal: "SIGKILL" });
  expect(describeExit(await child.exited)).toBe("signal SIGKILL");
});

test("lines are put together from pieces, and an endless one is dropped", () => {
  const lines: string[] = [];
  const read = lineReader((line) => lines.push(line));
  read("a");
  read("b\nc\n");
  read("x".repeat(70_000));
  read("\nd\n");
  expect(lines).toEqual(["ab", "c", "", "d"]);
});

test("a log file at its limit becomes the former one, and a new one begins", () => {
  const path = logFile();
  const log = new LogFile(path, 10);
  for (const text of ["12345678\n", "abc\n", "def\n", "g\n"]) log.write(Buffer.from(text));
  log.close();
  expect(readFileSync(`${path}.1`, "utf8")).toBe("12345678\n");
  expect(readFileSync(path, "utf8")).toBe("abc\ndef\ng\n");
  expect(lastLines(path, 2)).toBe("def\ng");
  expect(lastLines(`${path}.none`, 2)).toBe("");
});
