import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("everything that waits for nothing but promises has run when a turn is over, however long the chain", async () => {
  const turns = new Turns();
  for (let round = 0; round < 200; round++) {
    let reached = 0;
    const walk = async () => {
      for (let step = 0; step < 500; step++) {
        await Promise.resolve();
        reached++;
      }
    };
    void walk();
    await turns.settle();
    expect(reached).toBe(500);
  }
});

test("a rejection that nobody awaits is told before the turn is over, each time", async () => {
  const told: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => told.push(reason));
  try {
    const turns = new Turns();
    for (let round = 0; round < 200; round++) {
      void Promise.reject(round);
      await turns.settle();
      expect(told).toHaveLength(round + 1);
    }
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
});

test("the event loop goes on meanwhile", async () => {
  const turns = new Turns();
  let hasFired = false;
  setTimeout(() => {
    hasFired = true;
  }, 0);
  while (!hasFired) await turns.settle();
});
