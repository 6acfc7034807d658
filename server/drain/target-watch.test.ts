import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { TargetGroup, TargetState } from "./target-group.ts";
import { TargetWatch, UNKNOWN_MS } from "./target-watch.ts";

const POLL_MS = 1000;
let clock: VirtualClock;
type Answer = Record<string, TargetState> | "failing";
let states: Answer;
/** Of the other one of two groups. */
let alternate: Answer;
let asked: number;
let told: number;
let warnings: number;
let answerAfterMs: number;
let unnoticedMs: number | undefined;
let alternateAsked: number;
let watch: TargetWatch;

beforeEach(() => {
  clock = new VirtualClock();
  [asked, told, warnings, answerAfterMs, alternateAsked] = [0, 0, 0, 0, 0];
  states = { "me:1": "healthy", "other:1": "healthy" };
  alternate = {};
  watch = watchOver([
    group(
      () => states,
      () => void asked++,
    ),
  ]);
});

function group(read: () => Answer, count: () => void): TargetGroup {
  return {
    async describe() {
      count();
      if (answerAfterMs > 0) await new Promise<void>((resolve) => void clock.after(answerAfterMs, resolve));
      const answer = read();
      if (answer === "failing") throw new Error("Throttling");
      return new Map(Object.entries(answer));
    },
    deregistrationDelayMs: async () => 0,
  };
}

function watchOver(groups: readonly TargetGroup[]): TargetWatch {
  return new TargetWatch({
    ...{ clock, groups, address: "me:1", pollMs: POLL_MS, backOffMaxMs: 10_000, random: () => 0.5 },
    log: { warn: () => void warnings++ },
    onDraining: (atMostMs) => {
      told++;
      unnoticedMs = atMostMs;
    },
  });
}

/** The first question, with these answers. */
async function start(first: Answer): Promise<void> {
  states = first;
  watch.start();
  await polls(0);
}

const polls = (count: number) => clock.advance(count * POLL_MS);

describe("a watch over targets", () => {
  it("tells once when its own target is draining", async () => {
    await start(states);
    await polls(3);
    expect([asked, told]).toEqual([4, 0]);
    states = { "me:1": "draining", "other:1": "healthy" };
    await polls(3);
    expect(told).toBe(1);
  });

  it("warns once when the group does not know its own address for long: it would never learn that it must go", async () => {
    await start({ "other:1": "healthy" });
    await clock.advance(UNKNOWN_MS - POLL_MS);
    expect(warnings).toBe(0);
    await clock.advance(UNKNOWN_MS);
    expect([warnings, told]).toEqual([1, 0]);
  });

  it("does not warn when it is registered late, or has gone", async () => {
    await start({ "other:1": "healthy" });
    await polls(5);
    states = { "me:1": "initial", "other:1": "healthy" };
    await polls(5);
    states = { "other:1": "healthy" };
    await clock.advance(2 * UNKNOWN_MS);
    expect([warnings, told]).toEqual([0, 1]);
  });

  it("tells for how long that may have been so unnoticed", async () => {
    await start(states);
    states = { "me:1": "draining" };
    await polls(1);
    expect(unnoticedMs).toBe(POLL_MS);
  });

  it("tells for how long that may have been so when it got no answers meanwhile", async () => {
    await start(states);
    states = "failing";
    await polls(3);
    states = { "me:1": "draining" };
    await polls(4);
    expect(unnoticedMs).toBe(7 * POLL_MS);
  });

  it("says which targets are draining, its own and others", async () => {
    await start({ "me:1": "draining", "other:1": "unhealthy.draining", "third:1": "initial" });
    expect([...watch.draining]).toEqual(["me:1", "other:1"]);
  });

  it("does not take a former server's target at the same address for its own", async () => {
    await start({ "me:1": "draining" });
    await polls(3);
    expect(told).toBe(0);
    for (const state of ["initial", "healthy", "draining"] as const) {
      states = { "me:1": state };
      await polls(1);
    }
    expect(told).toBe(1);
  });

  it("takes a target that vanished for draining, when it stays away", async () => {
    await start(states);
    states = { "other:1": "healthy" };
    await polls(2);
    expect(told).toBe(0);
    await polls(1);
    expect(told).toBe(1);
  });

  it("is not frightened by an empty group, by one missing answer, nor by a target that is not registered yet", async () => {
    await start({ "other:1": "healthy" });
    await polls(9);
    states = { "me:1": "initial" };
    await polls(1);
    states = {};
    await polls(9);
    states = { "me:1": "initial", "other:1": "healthy" };
    await polls(1);
    states = { "other:1": "healthy" };
    await polls(2);
    states = { "me:1": "healthy" };
    await polls(9);
    expect(told).toBe(0);
  });

  it("asks less and less often while it gets no answer, says so once, and keeps what it knew", async () => {
    await start({ "me:1": "healthy", "other:1": "draining" });
    asked = 0;
    states = "failing";
    await polls(60);
    // After 1 + 2 + 4 + 8 s, then every 10 s.
    expect(asked).toBe(8);
    expect(warnings).toBe(1);
    expect([...watch.draining]).toEqual(["other:1"]);
    states = { "me:1": "draining" };
    await polls(10);
    expect(told).toBe(1);
  });

  it("asks more rarely in a large group, in which many ask", async () => {
    const others = Array.from({ length: 39 }, (_, index) => [`other${index}:1`, "healthy"] as const);
    await start({ "me:1": "healthy", ...Object.fromEntries(others) });
    asked = 0;
    await polls(60);
    expect(asked).toBe(10);
    expect(watch.intervalMs).toBe(6 * POLL_MS);
  });

  it("never asks twice at a time, and shares the answer", async () => {
    await start(states);
    answerAfterMs = 5 * POLL_MS;
    asked = 0;
    await polls(2);
    const both = Promise.all([watch.refresh(), watch.refresh()]);
    await polls(4);
    await both;
    expect(asked).toBe(1);
  });

  it("asks and tells nothing any more once it is closed", async () => {
    await start(states);
    watch.close();
    asked = 0;
    states = { "me:1": "draining" };
    await polls(5);
    expect([asked, told]).toEqual([0, 0]);
  });
});

describe("a watch over the two groups of a blue/green service", () => {
  beforeEach(() => {
    watch = watchOver([
      group(
        () => states,
        () => void asked++,
      ),
      group(
        () => alternate,
        () => void alternateAsked++,
      ),
    ]);
  });

  it("tells that its target is draining in whichever of them it was registered", async () => {
    alternate = { "me:1": "healthy" };
    await start({ "other:1": "healthy" });
    await polls(3);
    alternate = { "me:1": "draining" };
    await polls(1);
    expect([told, unnoticedMs]).toEqual([1, POLL_MS]);
  });

  it("asks both of them until one knows it, and from then on that one alone", async () => {
    await start({ "other:1": "healthy" });
    await polls(2);
    expect([asked, alternateAsked]).toEqual([3, 3]);
    alternate = { "me:1": "initial" };
    await polls(4);
    expect([asked, alternateAsked]).toEqual([4, 7]);
  });

  it("asks both again while it leaves, since those who stay are in the other one", async () => {
    await start({ "me:1": "healthy", "old:1": "healthy" });
    await polls(1);
    states = { "me:1": "draining", "old:1": "draining" };
    alternate = { "new:1": "healthy", "sick:1": "draining" };
    await polls(1);
    expect([...watch.draining]).toEqual(["me:1", "old:1", "sick:1"]);
    [asked, alternateAsked] = [0, 0];
    await polls(3);
    expect([asked, alternateAsked]).toEqual([3, 3]);
  });

  it("answers whoever wants to know for both of them", async () => {
    await start(states);
    alternate = { "sick:1": "draining" };
    await polls(2);
    expect([...watch.draining]).toEqual([]);
    await watch.refresh();
    expect([...watch.draining]).toEqual(["sick:1"]);
  });

  it("stays when it was taken from one into the other", async () => {
    await start(states);
    states = { "me:1": "draining" };
    alternate = { "me:1": "healthy" };
    await polls(9);
    expect([told, watch.draining.has("me:1")]).toEqual([0, false]);
    alternate = { "me:1": "draining" };
    await polls(1);
    expect(told).toBe(1);
  });

  it("is not led astray by a former server at its address in the other one", async () => {
    alternate = { "me:1": "draining" };
    await start({ "other:1": "healthy" });
    states = { "me:1": "initial" };
    await polls(9);
    expect(told).toBe(0);
    states = { "me:1": "draining" };
    await polls(1);
    expect(told).toBe(1);
  });

  it("listens to one of them while the other does not answer", async () => {
    alternate = "failing";
    await start(states);
    await polls(9);
    states = { "me:1": "draining" };
    expect(warnings).toBe(1);
    await polls(1);
    // It has asked the other one again before it believed it.
    expect([told, warnings]).toEqual([1, 2]);
  });

  it("warns when neither knows its address for long", async () => {
    await start({ "other:1": "healthy" });
    await clock.advance(UNKNOWN_MS + POLL_MS);
    expect([warnings, told]).toEqual([1, 0]);
  });
});
