import { expect, test } from "vitest";
import type { EmbeddedRedis } from "../provision/embedded-redis.ts";
import type { Exit } from "./child.ts";
import { deferred } from "./deferred.ts";
import { RedisKeeper, redisPolicy } from "./redis-keeper.ts";
import { Refusal } from "./refusal.ts";
import { settle, VirtualClock } from "./testing/virtual-clock.ts";

function setUp() {
  const clock = new VirtualClock();
  const events: string[] = [];
  const world: { end: (exit: Exit) => void; refusal: Refusal | undefined } = { end: () => {}, refusal: undefined };
  let pid = 100;
  const run = async (port = 7000): Promise<EmbeddedRedis> => {
    if (world.refusal) throw world.refusal;
    pid += 1;
    const { promise: exited, resolve } = deferred<Exit>();
    world.end = resolve;
    const child = { name: "redis", pid, logFile: "redis.log", exited, exit: undefined, signal: () => {} };
    return { child, port, url: `redis://127.0.0.1:${port}`, end: async () => {} };
  };
  const keeper = new RedisKeeper({
    run,
    policy: redisPolicy(1_000),
    clock,
    onChange: () => events.push(`${clock.nowMs()} back as ${keeper.pid}`),
    onBroken: (reason) => events.push(`${clock.nowMs()} ${reason.message}`),
    say: () => {},
  });
  const die = async () => {
    world.end({ code: null, signal: "SIGKILL" });
    await settle();
  };
  return { clock, events, world, keeper, die };
}

test("after its death it is back at the same address after the delay", async () => {
  const { clock, events, keeper, die } = setUp();
  expect(await keeper.start()).toBe("redis://127.0.0.1:7000");
  await clock.advance(60_000);
  await die();
  await clock.advance(999);
  expect(events).toEqual([]);
  await clock.advance(1);
  expect(events).toEqual(["61000 back as 102"]);
});

test("one that dies again and again comes back ever more slowly, and then the stack ends", async () => {
  const { clock, events, keeper, die } = setUp();
  await keeper.start();
  for (let death = 1; death <= 6; death += 1) {
    await die();
    await clock.advance(2 ** (death - 1) * 1_000);
  }
  expect(events).toEqual([
    ...["1000 back as 102", "3000 back as 103", "7000 back as 104", "15000 back as 105", "31000 back as 106"],
    "31000 The stack ends since Redis failed 6 times in a row: Redis died (signal SIGKILL).",
  ]);
});

test("one that has run for a while comes back fast again", async () => {
  const { clock, events, keeper, die } = setUp();
  await keeper.start();
  for (let death = 1; death <= 8; death += 1) {
    await die();
    await clock.advance(20_000);
  }
  expect(events).toHaveLength(8);
  expect(events.at(-1)).toBe("141000 back as 109");
});

test("one that does not start again, since its port is taken or it was killed at once, is tried again ever more slowly", async () => {
  const { clock, events, world, keeper, die } = setUp();
  await keeper.start();
  world.refusal = new Refusal("redis-failed", "Redis does not start.");
  await die();
  await clock.advance(5_000);
  world.refusal = undefined;
  await clock.advance(60_000);
  expect(events).toEqual(["7000 back as 102"]);
});

test("one that never starts again ends the stack with the reason", async () => {
  const { clock, events, world, keeper, die } = setUp();
  await keeper.start();
  world.refusal = new Refusal("redis-failed", "Redis does not start.");
  await die();
  await clock.advance(300_000);
  expect(events).toEqual(["31000 The stack ends since Redis failed 6 times in a row: Redis does not start."]);
});

test("while the stack ends it is not started again", async () => {
  const { clock, events, keeper, die } = setUp();
  await keeper.start();
  await die();
  keeper.close();
  await clock.advance(60_000);
  expect(events).toEqual([]);
});
