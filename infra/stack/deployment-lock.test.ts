import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDeployment, isDeploying, removeDead } from "./deployment-lock.ts";
import { describeHome, type Home } from "./home.ts";

let home: Home;
beforeEach(() => {
  home = describeHome(mkdtempSync(join(tmpdir(), "tg-")));
});
afterEach(() => rmSync(home.path, { recursive: true, force: true }));

test("one deploy runs at a time, and the next one may come when it is done", () => {
  expect(isDeploying(home)).toBe(false);
  const release = claimDeployment(home);
  expect(isDeploying(home)).toBe(true);
  expect(() => claimDeployment(home)).toThrow(`Another deploy is under way in ${home.path}`);
  release();
  expect(isDeploying(home)).toBe(false);
  claimDeployment(home)();
});

test.each([
  ["a process that has died", "999999999@1@boot"],
  ["a later process with the same pid", `${process.pid}@1@another-boot`],
  ["a broken file", ""],
])("the lock of %s counts for nothing", (_, owner) => {
  writeFileSync(home.deployLock, owner);
  expect(isDeploying(home)).toBe(false);
  claimDeployment(home)();
  expect(existsSync(home.deployLock)).toBe(false);
});

test("of two that find the same dead lock, the late one leaves the other's claim alone", () => {
  writeFileSync(home.deployLock, "claimed meanwhile");
  removeDead(home, "999999999@1@boot");
  expect(readFileSync(home.deployLock, "utf8")).toBe("claimed meanwhile");
  removeDead(home, "claimed meanwhile");
  expect(readdirSync(home.path)).toEqual([]);
});

test("a deploy takes away its own lock only", () => {
  const release = claimDeployment(home);
  writeFileSync(home.deployLock, "somebody else");
  release();
  expect(readFileSync(home.deployLock, "utf8")).toBe("somebody else");
});

test("a home that cannot be written to is named", () => {
  const nowhere = describeHome(join(home.path, "missing"));
  expect(() => claimDeployment(nowhere)).toThrow(`Cannot write ${nowhere.deployLock}`);
});
