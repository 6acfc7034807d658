import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { ProcessClock } from "./process-clock-for-tests.ts";

describe("a process's clock", () => {
  it("runs nothing any more once the process is dead", async () => {
    const clock = new VirtualClock();
    const process = new ProcessClock(clock);
    const done: string[] = [];
    process.after(10, () => done.push("before"));
    process.after(30, () => done.push("after"));
    await clock.advance(20);
    process.stop();
    await clock.advance(20);
    expect(done).toEqual(["before"]);
  });
});
