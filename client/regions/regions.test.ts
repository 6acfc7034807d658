import { describe, expect, it } from "vitest";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { LOST_AFTER_MS, LostRegion } from "./lost-region.ts";
import { PingFailure } from "./ping.ts";
import type { RegionList } from "./region-list.ts";
import { Regions } from "./regions.ts";
import { RETRY_MS, ROUND_EVERY_MS, ROUNDS_MAX } from "./scout.ts";

const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
const us = { id: "us", name: "North America", url: "https://us.example" };
const both: RegionList = { here: "eu", regions: [eu, us] };

/** Round trips by region: how long the next pings take, the last one for ever; a sentence is a failure. */
type Way = (number | string)[];

async function page(ways: { eu: Way; us: Way }, list: RegionList = both, chosen?: string) {
  const time = new VirtualTime();
  const memory = { region: chosen };
  const pings: string[] = [];
  const ping = async (url: string) => {
    const id = url === eu.url ? "eu" : "us";
    pings.push(id);
    const way = ways[id];
    const next = (way.length > 1 ? way.shift() : way[0]) ?? "no answer";
    if (typeof next === "string") throw new PingFailure(next);
    return next;
  };
  const regions = new Regions({ load: async () => list, ping, clock: time, memory });
  await regions.loaded;
  /** Lets every ping that is under way be answered. */
  const answered = () => new Promise((resolve) => setImmediate(resolve));
  const measured = async () => {
    regions.measure();
    await answered();
  };
  return { regions, memory, time, pings, answered, measured };
}

describe("the regions of a page", () => {
  it("are played in where the page is from, until another one is found to be nearer", async () => {
    const { regions, measured } = await page({ eu: [90], us: [12] });
    expect(regions.current).toBe(eu);
    await measured();
    expect([regions.current, regions.nearest]).toEqual([us, us]);
    expect([regions.reach(eu), regions.reach(us)]).toEqual([{ rttMs: 90 }, { rttMs: 12 }]);
  });

  it("are as far as the best of several round trips says, the first of which only warms the connection up", async () => {
    const { regions, measured, pings } = await page({ eu: [500, 40, 31, 35, 33], us: [1, 99, 98, 97, 96] });
    await measured();
    expect([regions.reach(eu), regions.reach(us)]).toEqual([{ rttMs: 31 }, { rttMs: 96 }]);
    expect(pings.filter((id) => id === "eu")).toHaveLength(5);
  });

  it("are played in where the player has chosen, now and later, however far that is", async () => {
    const { regions, memory, measured } = await page({ eu: [12], us: [90] });
    await measured();
    regions.choose(us);
    expect([regions.current, memory.region]).toEqual([us, "us"]);
    const later = await page({ eu: [12], us: [90] }, both, memory.region);
    expect(later.regions.current).toBe(us);
    await later.measured();
    expect(later.regions.current).toBe(us);
  });

  it("are left to the nearest again by choosing that", async () => {
    const { regions, memory, measured } = await page({ eu: [12], us: [90] }, both, "us");
    await measured();
    regions.choose(eu);
    expect([regions.current, memory.region]).toEqual([eu, undefined]);
  });

  it("are not played in where there is no answer, even if they were chosen", async () => {
    const { regions, memory, measured } = await page({ eu: ["no answer"], us: [90] }, both, "eu");
    await measured();
    expect(regions.reach(eu)).toEqual({ failed: "no answer" });
    expect([regions.current, memory.region]).toEqual([us, "eu"]);
  });

  it("are found again soon after they answer again", async () => {
    const { regions, measured, time, answered } = await page({ eu: ["answers 503", 12], us: [90] });
    await measured();
    expect(regions.current).toBe(us);
    time.advance(RETRY_MS);
    await answered();
    expect([regions.current, regions.reach(eu)]).toEqual([eu, { rttMs: 12 }]);
  });

  it("that answered a moment ago are not given up for one ping that fails", async () => {
    const { regions, measured } = await page({ eu: [12, 12, "no answer"], us: [90] });
    await measured();
    expect(regions.reach(eu)).toEqual({ rttMs: 12 });
  });

  it("are measured as long as somebody looks, and not for ever", async () => {
    const { regions, pings, time, measured, answered } = await page({ eu: [12], us: [90] });
    await measured();
    regions.rest();
    const before = pings.length;
    time.advance(ROUND_EVERY_MS * 3);
    await answered();
    expect(pings).toHaveLength(before);
    await measured();
    for (let round = 0; round < ROUNDS_MAX + 5; round++) {
      time.advance(ROUND_EVERY_MS);
      await answered();
    }
    // One warms up, four or two count.
    expect(pings).toHaveLength(before + 2 * (5 + 3 * (ROUNDS_MAX - 1)));
  });

  it("have the rooms whose codes name them; a code that names none is of the region that the page is from", async () => {
    const { regions, measured } = await page({ eu: [90], us: [12] });
    await measured();
    expect(regions.current).toBe(us);
    expect(regions.regionOf({ region: "us", room: "KQXR" })).toBe(us);
    expect(regions.regionOf({ region: undefined, room: "KQXR" })).toBe(eu);
    expect(regions.regionOf({ region: "ap", room: "KQXR" })).toBeUndefined();
  });

  it("are none where there are none, and nothing is measured", async () => {
    const { regions, pings, measured } = await page({ eu: [], us: [] }, { here: undefined, regions: [] });
    await measured();
    expect([regions.current, regions.all, pings]).toEqual([undefined, [], []]);
  });

  it("may be one, which is played in without a measurement", async () => {
    const { regions, pings, measured } = await page({ eu: [], us: [] }, { here: undefined, regions: [us] });
    await measured();
    expect([regions.current, pings]).toEqual([us, []]);
  });

  it("are asked for no longer than a while", async () => {
    const time = new VirtualTime();
    const load = (signal: AbortSignal) =>
      new Promise<RegionList>((resolve) => {
        signal.addEventListener("abort", () => resolve({ here: undefined, regions: [] }));
      });
    const regions = new Regions({ load, ping: async () => 1, clock: time, memory: { region: undefined } });
    time.advance(60_000);
    await regions.loaded;
    expect(regions.current).toBeUndefined();
  });
});

describe("a region that is waited for", () => {
  async function waiting(ways: { eu: Way; us: Way }) {
    const of = await page(ways);
    let changes = 0;
    const lost = new LostRegion({
      regions: of.regions,
      clock: of.time,
      changed: () => {
        changes += 1;
      },
    });
    return { ...of, lost, changes: () => changes };
  }

  it("is not taken for lost while a server may come back", async () => {
    const { lost, time, pings } = await waiting({ eu: ["no answer"], us: [90] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS - 1);
    expect([lost.news, pings]).toEqual([undefined, []]);
    lost.settled();
    time.advance(LOST_AFTER_MS);
    expect([lost.news, pings]).toEqual([undefined, []]);
  });

  it("is taken for lost in the end, however often the wait is told, and the nearest that answers is offered", async () => {
    const { lost, time, answered, changes } = await waiting({ eu: ["no answer"], us: [90] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS / 2);
    lost.waits({ ...eu });
    time.advance(LOST_AFTER_MS / 2);
    expect(lost.news).toEqual({ lost: eu, offer: undefined, isAlone: false });
    await answered();
    expect(lost.news).toEqual({ lost: eu, offer: { region: us, rttMs: 90 }, isAlone: false });
    expect(changes()).toBeGreaterThan(1);
    lost.settled();
    expect(lost.news).toBeUndefined();
  });

  it("is said to be in good company when no region answers", async () => {
    const { lost, time, answered } = await waiting({ eu: ["no answer"], us: ["no answer"] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS);
    await answered();
    expect(lost.news).toEqual({ lost: eu, offer: undefined, isAlone: true });
  });

  it("is not mentioned again after the player has said to wait", async () => {
    const { lost, time, pings, answered } = await waiting({ eu: ["no answer"], us: [90] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS);
    await answered();
    lost.dismiss();
    const before = pings.length;
    lost.waits(eu);
    time.advance(10 * LOST_AFTER_MS);
    await answered();
    expect([lost.news, pings.length]).toEqual([undefined, before]);
  });
});
