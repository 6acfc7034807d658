// A region dies: what the player is told, and what ways on there are. Everything but the picture and the wire is the page's own.

import { describe, expect, it } from "vitest";
import { lossWords } from "../hud/region-offer.ts";
import { destinationOf } from "../regions/destination.ts";
import { LOST_AFTER_MS, LostRegion } from "../regions/lost-region.ts";
import { readRoomAddress } from "../regions/room-address.ts";
import { eu, page, us, type Way } from "../regions/testing/two-regions.ts";
import { stage, wish } from "./testing/stage.ts";

const DEAD: Way = ["no answer"];

/** A page from Europe that has measured both regions, with the start screen open. */
async function tab() {
  const ways: { eu: Way; us: Way } = { eu: [12], us: [90] };
  const { regions, time, answered } = await page(ways);
  const offer = new LostRegion({ regions, clock: time, changed: () => {} });
  const theatre = stage({ regionOffer: offer });
  const { director, opened } = theatre;
  let rest = regions.measure();
  await answered();

  return {
    ...theatre,
    regions,
    die: (id: "eu" | "us") => {
      ways[id] = DEAD;
    },
    revive: (id: "eu" | "us") => {
      ways[id] = [90];
    },
    /** As the start screen does: quick play without a code. */
    choose: (code?: string) => {
      const destination = destinationOf(code === undefined ? undefined : readRoomAddress(code), regions);
      if ("refusal" in destination) throw new Error(destination.refusal);
      director.play({ ...wish, ...destination });
      return opened[opened.length - 1]!.session;
    },
    /** The game has begun, and the start screen with its measuring is gone. */
    sail: (session: { seat(room: string): void }) => {
      session.seat("KQXR");
      director.frame(0);
      rest();
    },
    leave: () => {
      director.leave();
      rest = regions.measure();
    },
    pass: async (durationMs: number) => {
      time.advance(durationMs);
      await answered();
    },
    /** What stands on the panel: words, and where the button leads. */
    panel: () => {
      const { news } = offer;
      return news && { ...lossWords(news), button: news.offer?.region.id };
    },
    keepWaiting: () => offer.dismiss(),
    playThere: () => director.playIn(offer.news!.offer!.region),
  };
}

describe("when the region of a game dies", () => {
  it("the player is told so, that the page keeps trying, and is offered a new game in the nearest other one", async () => {
    const { choose, sail, die, pass, panel, regions, playThere, opened, memory } = await tab();
    regions.choose(us);
    const session = choose();
    expect(opened[0]?.wish.region).toBe(us);
    sail(session);
    die("us");
    session.lose();
    await pass(LOST_AFTER_MS - 1);
    expect(panel()).toBeUndefined();
    await pass(1);
    expect(panel()).toEqual({
      headline: "North America does not answer.",
      note: "This page keeps trying. Rooms stay in their region: elsewhere it is a new game.",
      button: "eu",
    });
    expect(session.ended).toEqual([]);
    playThere();
    expect(opened[1]).toMatchObject({ wish: { room: undefined, region: eu }, seat: undefined });
    expect(panel()).toBeUndefined();
    opened[1]?.session.seat("WXYZ");
    expect(memory.seat).toMatchObject({ room: "WXYZ", region: eu });
  });

  it("and comes back, the game goes on and nothing is said any more", async () => {
    const { choose, sail, pass, panel, die, keepWaiting } = await tab();
    const session = choose("us-KQXR");
    sail(session);
    die("us");
    session.lose();
    await pass(LOST_AFTER_MS);
    expect(panel()).toBeDefined();
    session.seat("KQXR");
    expect(panel()).toBeUndefined();
    session.lose();
    await pass(LOST_AFTER_MS);
    keepWaiting();
    session.attempt(7);
    await pass(LOST_AFTER_MS);
    expect(panel()).toBeUndefined();
    expect(session.ended).toEqual([]);
  });

  it("with all the others, the player is told that, and the page keeps trying", async () => {
    const { choose, sail, pass, panel, die } = await tab();
    const session = choose("us-KQXR");
    sail(session);
    die("eu");
    die("us");
    session.lose();
    await pass(LOST_AFTER_MS);
    expect(panel()).toEqual({
      headline: "North America does not answer.",
      note: "Nor does any other region. This page keeps trying.",
      button: undefined,
    });
    expect(session.ended).toEqual([]);
  });
});

describe("when a region is dead", () => {
  it("quick play goes to the nearest that lives, even for who had chosen the dead one, and back when it is back", async () => {
    const { regions, choose, sail, leave, die, revive, pass, opened } = await tab();
    regions.choose(us);
    sail(choose());
    die("us");
    leave();
    await pass(0);
    expect(regions.reach(us)).toEqual({ failed: "no answer" });
    sail(choose());
    revive("us");
    leave();
    await pass(0);
    choose();
    expect(opened.map(({ wish }) => wish.region?.id)).toEqual(["us", "eu", "us"]);
  });

  it("a code of it says so at once, and leads on: to another region, or to anything else on the start screen", async () => {
    const { die, leave, choose, sail, pass, panel, keepWaiting, shown, opened, director } = await tab();
    sail(choose());
    die("us");
    leave();
    await pass(0);
    const session = choose("us-KQXR");
    expect(opened[1]?.wish).toMatchObject({ room: "KQXR", region: us });
    expect(panel()).toMatchObject({ headline: "North America does not answer.", button: "eu" });
    keepWaiting();
    session.attempt(2);
    expect(panel()).toBeUndefined();
    expect(shown).toMatchObject({ start: {}, isBusy: false });
    expect(session.ended).toEqual([]);
    choose();
    expect(session.ended).toEqual(["closed"]);
    expect(opened[2]?.wish).toMatchObject({ room: undefined, region: eu });
    expect(director.region).toBe(eu);
  });
});
