import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { openFileLog } from "./log-file.ts";

const keep = closeAfterEach();

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "alb-log-"));
  keep({ close: () => rm(directory, { recursive: true, force: true }) });
  return join(directory, "access.log");
}

test("ALB-80: the log file is set aside at its limit, and no line is lost on the way", async () => {
  const path = await newFile();
  const log = await openFileLog(path, { maxFileBytes: 100 });
  for (let i = 0; i < 15; i++) log.line(`line ${i}`.padEnd(9, "."));
  await log.close();
  const [old, current] = [await readFile(`${path}.1`, "utf8"), await readFile(path, "utf8")];
  expect(old.length).toBe(100);
  expect((old + current).trim().split("\n")).toHaveLength(15);
  expect(log.dropped).toBe(0);
});

test("ALB-80: lines that come while the file is set aside wait for the next one", async () => {
  const log = await openFileLog(await newFile(), { maxFileBytes: 100 });
  for (let i = 0; i < 300; i++) {
    log.line(`line ${i}`);
    await nextTurn();
  }
  await log.close();
  expect(log.dropped).toBe(0);
});

test("ALB-80: what is no file, such as a device, is never set aside", async () => {
  const path = await newFile();
  // By a link, so that a failure of this test costs nobody the device.
  await symlink("/dev/null", path);
  const log = await openFileLog(path, { maxFileBytes: 10 });
  for (let i = 0; i < 5; i++) log.line(`line ${i} that is longer than the limit`);
  await log.close();
  expect(await readdir(dirname(path))).toEqual([basename(path)]);
  expect(log.dropped).toBe(0);
});

test("ALB-80: a file that can no longer be written is told in one warning", async () => {
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  keep(await openFileLog("/nonexistent/access.log"));
  expect((await warned).message).toMatch(
    /^\/nonexistent\/access\.log cannot be written, its lines are lost from now on: ENOENT/,
  );
});

test("ALB-80: a file that cannot be written costs lines, not the process", async () => {
  const log = await openFileLog("/nonexistent/access.log");
  log.line("first");
  await log.close().catch(() => {});
  log.line("second");
  expect(log.dropped).toBe(1);
});
