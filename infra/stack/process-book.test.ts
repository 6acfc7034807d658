import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { type Home, makeHome } from "./home.ts";
import { claimHome } from "./process-book.ts";
import { processIdentity } from "./process-identity.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function newHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), "tg-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return makeHome(folder);
}

/** A process that only SIGKILL ends, once it has said that it is ready. */
async function stubbornProcess(): Promise<ChildProcess> {
  const program = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')";
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  cleanUps.push(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}

function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && processIdentity(pid) !== undefined;
}

/** What a supervisor leaves that was killed: its book, naming itself and one child. */
function leaveBook(home: Home, child: { pid: number; identity: string }): void {
  const supervisor = { name: "supervisor", pid: 1, identity: "somebody who is gone" };
  writeFileSync(home.processesFile, JSON.stringify({ supervisor, children: [{ name: "alb", ...child }] }));
  writeFileSync(home.stackFile, "{}");
}

test("a process has the same identity every time, another one has another, and one that has ended has none", async () => {
  const child = await stubbornProcess();
  const identity = processIdentity(child.pid ?? 0);
  expect(identity).toBeDefined();
  expect(processIdentity(child.pid ?? 0)).toBe(identity);
  expect(processIdentity(process.pid)).not.toBe(identity);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  expect(processIdentity(child.pid ?? 0)).toBeUndefined();
});

test("a home in which a stack runs is refused with one sentence", async () => {
  const home = newHome();
  const book = await claimHome(home, systemClock, () => {});
  await expect(claimHome(home, systemClock, () => {})).rejects.toThrow(`A stack already runs in ${home.path}`);
  book.close();
  expect(existsSync(home.processesFile)).toBe(false);
  (await claimHome(home, systemClock, () => {})).close();
});

test("what a killed stack has left is ended, by SIGKILL if need be, and its files are removed", async () => {
  const home = newHome();
  const child = await stubbornProcess();
  leaveBook(home, { pid: child.pid ?? 0, identity: processIdentity(child.pid ?? 0) ?? "" });
  const said: string[] = [];
  const book = await claimHome(home, systemClock, (line) => said.push(line));
  cleanUps.push(() => book.close());
  expect(isAlive(child.pid)).toBe(false);
  expect(existsSync(home.stackFile)).toBe(false);
  expect(said).toEqual(["Ending what a killed stack has left: alb."]);
});

test("a stranger that has got the pid of a former child is left alone", async () => {
  const home = newHome();
  const stranger = await stubbornProcess();
  leaveBook(home, { pid: stranger.pid ?? 0, identity: `${stranger.pid}@1@another-boot` });
  const book = await claimHome(home, systemClock, () => {});
  cleanUps.push(() => book.close());
  expect(isAlive(stranger.pid)).toBe(true);
});

test("of two starts that find the same dead stack one gets the home, and the other is refused", async () => {
  const home = newHome();
  const child = await stubbornProcess();
  leaveBook(home, { pid: child.pid ?? 0, identity: processIdentity(child.pid ?? 0) ?? "" });
  const claims = await Promise.allSettled([1, 2].map(() => claimHome(home, systemClock, () => {})));
  cleanUps.push(() => claims.map((claim) => claim.status === "fulfilled" && claim.value.close()));
  expect(claims.map((claim) => claim.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(JSON.parse(readFileSync(home.processesFile, "utf8")).supervisor.pid).toBe(process.pid);
});

test("a start that was killed while it cleaned up does not stand in the way of the next", async () => {
  const home = newHome();
  leaveBook(home, { pid: 1, identity: "gone as well" });
  const book = readFileSync(home.processesFile, "utf8");
  const marker = `${home.processesFile}.${createHash("sha256").update(book).digest("hex").slice(0, 16)}.taken`;
  writeFileSync(marker, JSON.stringify({ name: "supervisor", pid: 1, identity: "gone" }));
  (await claimHome(home, systemClock, () => {})).close();
  expect(readdirSync(home.path).filter((name) => name.startsWith("processes.json"))).toEqual([]);
});

test("a book that is broken does not stop a start", async () => {
  const home = newHome();
  writeFileSync(home.processesFile, "{");
  const book = await claimHome(home, systemClock, () => {});
  cleanUps.push(() => book.close());
  expect(JSON.parse(readFileSync(home.processesFile, "utf8")).supervisor.pid).toBe(process.pid);
});

test("children are noted while they live, and all of them can be killed at once", async () => {
  const home = newHome();
  const [one, other] = [await stubbornProcess(), await stubbornProcess()];
  const book = await claimHome(home, systemClock, () => {});
  cleanUps.push(() => book.close());
  book.add("one", one.pid);
  book.add("other", other.pid);
  book.remove(other.pid);
  const ended = new Promise((resolve) => one.once("exit", resolve));
  book.killAll();
  await ended;
  expect(isAlive(other.pid)).toBe(true);
});
