import { describe, expect, it } from "vitest";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import type { RegionList } from "./region-list.ts";
import { Regions } from "./regions.ts";
import { EAGER_ROUNDS, LEFT_OPEN_EVERY_MS, RETRY_MS, ROUND_EVERY_MS } from "./scout.ts";
import { both, eu, page, us } from "./testing/two-regions.ts";

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

  it("are measured as long as anybody looks, and what was found is not believed afterwards", async () => {
    const { regions, pings, time, answered } = await page({ eu: [12], us: [90] });
    const rests = [regions.measure(), regions.measure()];
    await answered();
    rests[0]?.();
    rests[0]?.();
    time.advance(ROUND_EVERY_MS);
    await answered();
    const before = pings.length;
    expect(regions.reach(us)).toEqual({ rttMs: 90 });
    rests[1]?.();
    time.advance(ROUND_EVERY_MS * 3);
    await answered();
    expect([pings.length, regions.reach(us)]).toEqual([before, undefined]);
  });

  it("are measured rarely on a page that was left open, but one that answers again is found even so", async () => {
    const { regions, pings, time, measured, answered } = await page({
      eu: [12],
      us: [...Array<string>(EAGER_ROUNDS).fill("no answer"), 90],
    });
    await measured();
    for (let round = 1; round < EAGER_ROUNDS; round++) {
      time.advance(ROUND_EVERY_MS);
      await answered();
    }
    expect(regions.reach(us)).toEqual({ failed: "no answer" });
    const before = pings.length;
    time.advance(LEFT_OPEN_EVERY_MS - ROUND_EVERY_MS);
    await answered();
    expect(pings).toHaveLength(before);
    time.advance(ROUND_EVERY_MS);
    await answered();
    expect([pings.length, regions.reach(us)]).toEqual([before + 6, { rttMs: 90 }]);
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
