import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { startStack } from "../fixtures/stack.ts";
import { expect, test } from "../fixtures/test.ts";

const SECOND_STACK_LIMIT_MS = 240_000;

test("a second stack runs beside the first, and Ctrl-C leaves nothing of it", async ({ stack }) => {
  test.setTimeout(SECOND_STACK_LIMIT_MS);
  const second = await startStack("e2e-second");
  const { alb, redis, servers } = second.state();
  const pids = [alb.pid, redis.pid, ...servers.map(({ pid }) => pid)];
  expect(pids.filter(alive)).toEqual(pids);
  expect(stack.state().alb.pid).not.toBe(alb.pid);

  await second.close();

  expect(pids.filter(alive)).toEqual([]);
  expect(existsSync(join(second.home, "stack.json"))).toBe(false);
  expect(readdirSync(second.home).filter((name) => name.endsWith(".sock"))).toEqual([]);
  expect(stack.state().servers.map(({ pid }) => alive(pid))).toEqual([true, true, true]);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}
