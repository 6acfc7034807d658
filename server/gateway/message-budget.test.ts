import { describe, expect, it } from "vitest";
import { MESSAGES_BURST_MAX, MESSAGES_PER_SECOND_MAX } from "../../game/protocol/index.ts";
import { VirtualClock } from "../clock.ts";
import { MessageBudget } from "./message-budget.ts";

function spendAll(budget: MessageBudget): number {
  let count = 0;
  while (budget.spend()) count++;
  return count;
}

describe("the message budget of a socket", () => {
  it("holds a burst and no more", () => {
    expect(spendAll(new MessageBudget(new VirtualClock()))).toBe(MESSAGES_BURST_MAX);
  });

  it("fills at a steady rate, never above the burst", async () => {
    const clock = new VirtualClock();
    const budget = new MessageBudget(clock);
    spendAll(budget);
    await clock.advance(1000);
    expect(spendAll(budget)).toBe(MESSAGES_PER_SECOND_MAX);
    await clock.advance(3_600_000);
    expect(spendAll(budget)).toBe(MESSAGES_BURST_MAX);
  });

  it("lasts for ever at twice the tick rate", async () => {
    const clock = new VirtualClock();
    const budget = new MessageBudget(clock);
    for (let second = 0; second < 100; second++) {
      for (let message = 0; message < MESSAGES_PER_SECOND_MAX; message++) expect(budget.spend()).toBe(true);
      await clock.advance(1000);
    }
  });
});
