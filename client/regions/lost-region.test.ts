import { describe, expect, it } from "vitest";
import { LOST_AFTER_MS, LostRegion } from "./lost-region.ts";
import { eu, page, us, type Way } from "./testing/two-regions.ts";

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
  return { ...of, ways, lost, changes: () => changes };
}

const dead = { failed: "no answer" };

describe("a region that is waited for", () => {
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
    expect(lost.news).toEqual({ lost: eu, reach: undefined, offer: undefined, isAlone: false });
    await answered();
    expect(lost.news).toEqual({ lost: eu, reach: dead, offer: { region: us, rttMs: 90 }, isAlone: false });
    expect(changes()).toBeGreaterThan(1);
    lost.settled();
    expect(lost.news).toBeUndefined();
  });

  it("is taken for lost at once where the page can see that it does not answer", async () => {
    const { lost, regions, answered } = await waiting({ eu: ["no answer"], us: [90] });
    regions.measure();
    await answered();
    lost.waits(eu);
    expect(lost.news).toMatchObject({ lost: eu, offer: { region: us, rttMs: 90 } });
  });

  it("is taken for lost as soon as the page finds out while it waits, but not for what it knew before a game", async () => {
    const { lost, ways, regions, answered } = await waiting({ eu: [12], us: [90] });
    const rest = regions.measure();
    await answered();
    ways.eu = ["no answer"];
    regions.measure();
    lost.waits(eu);
    expect(lost.news).toBeUndefined();
    await answered();
    lost.waits(eu);
    expect(lost.news).toBeDefined();
    lost.settled();

    const game = await waiting({ eu: ["no answer"], us: [90] });
    const restGame = game.regions.measure();
    await game.answered();
    restGame();
    rest();
    game.lost.waits(eu);
    expect(game.lost.news).toBeUndefined();
  });

  it("is said to answer when it does, and lets nobody in all the same", async () => {
    const { lost, time, answered } = await waiting({ eu: [12], us: [90] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS);
    await answered();
    expect(lost.news).toMatchObject({ lost: eu, reach: { rttMs: 12 }, offer: { region: us } });
  });

  it("is said to be in good company when no region answers", async () => {
    const { lost, time, answered } = await waiting({ eu: ["no answer"], us: ["no answer"] });
    lost.waits(eu);
    time.advance(LOST_AFTER_MS);
    await answered();
    expect(lost.news).toEqual({ lost: eu, reach: dead, offer: undefined, isAlone: true });
  });

  it("is not mentioned again after the player has said to wait, and no more looked after", async () => {
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

  it("does not end the measuring of a start screen that is open", async () => {
    const { lost, regions, answered } = await waiting({ eu: ["no answer"], us: [90] });
    regions.measure();
    await answered();
    lost.waits(eu);
    await answered();
    lost.dismiss();
    expect(regions.reach(us)).toEqual({ rttMs: 90 });
  });
});
