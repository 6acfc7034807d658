import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../server/clock.ts";
import { PageClock } from "./clocks.ts";

describe("a page's clock", () => {
  it("runs the timers of a hidden page once a second", async () => {
    const clock = new VirtualClock();
    const page = new PageClock(clock);
    const atMs: number[] = [];
    page.mode = "hidden";
    for (const delayMs of [10, 700, 1_200]) page.after(delayMs, () => atMs.push(clock.now()));
    await clock.advance(5_000);
    expect(atMs).toEqual([1_000, 1_000, 2_000]);
  });

  it("runs what was due behind a closed lid when the lid is opened, unless it was cancelled", async () => {
    const clock = new VirtualClock();
    const page = new PageClock(clock);
    const done: string[] = [];
    page.after(10, () => done.push("first"));
    const cancel = page.after(20, () => done.push("cancelled"));
    page.mode = "asleep";
    await clock.advance(1_000);
    expect(done).toEqual([]);
    cancel();
    page.mode = "visible";
    await clock.advance(0);
    expect(done).toEqual(["first"]);
  });
});
