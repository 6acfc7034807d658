import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { MemoryLane } from "./memory-lane.ts";

function lane() {
  const clock = new VirtualClock();
  const arrived: string[] = [];
  const made = new MemoryLane(clock);
  return { clock, lane: made, arrived, send: (name: string, ms: number) => made.send(ms, () => arrived.push(name)) };
}

describe("one direction of a simulated connection", () => {
  it("keeps the order, also when it becomes faster", async () => {
    const { clock, arrived, send } = lane();
    send("slow", 50);
    send("fast", 1);
    await clock.advance(49);
    expect(arrived).toEqual([]);
    await clock.advance(1);
    expect(arrived).toEqual(["slow", "fast"]);
  });

  it("delivers at once without a delay, but not past what is under way", async () => {
    const { clock, arrived, send } = lane();
    send("at once", 0);
    expect(arrived).toEqual(["at once"]);
    send("under way", 5);
    send("behind it", 0);
    await clock.advance(5);
    expect(arrived).toEqual(["at once", "under way", "behind it"]);
  });

  it("holds everything while stalled, and loses nothing of it", async () => {
    const { clock, lane: stalled, arrived, send } = lane();
    send("before", 5);
    stalled.stalled = true;
    send("meanwhile", 5);
    await clock.advance(100);
    expect(arrived).toEqual([]);
    stalled.stalled = false;
    expect(arrived).toEqual(["before"]);
    await clock.advance(5);
    expect(arrived).toEqual(["before", "meanwhile"]);
  });
});
