import { expect, test } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { NEIGHBOURHOOD_PX, OFFLINE_CATCH_UP_MAX_TICKS, OfflineSession } from "./offline-session.ts";
import type { RenderState } from "./render-state.ts";

const FRAME_MS = 1000 / 60;

function play(session: OfflineSession, seconds: number, fromMs = 0): RenderState[] {
  const frames: RenderState[] = [];
  for (let at = 0; at < seconds * 60; at++) frames.push(structuredClone(session.frame(fromMs + at * FRAME_MS)));
  return frames;
}

test("behind the start screen bots fight by themselves, the own boat among them", () => {
  const frames = play(new OfflineSession({ seed: 4, boats: 8, pilot: "bot" }), 60);
  expect(frames.every((frame) => frame.boats.length === 8)).toBe(true);
  const types = new Set(frames.flatMap((frame) => frame.events.map((event) => event.type)));
  expect([...types]).toEqual(expect.arrayContaining(["shot", "pearl-taken", "hit", "splash"]));
  const own = frames.map((frame) => frame.boats[0]!);
  expect(own[0]!.own).toBe(true);
  expect(Math.hypot(own.at(-1)!.xPx - own[0]!.xPx, own.at(-1)!.yPx - own[0]!.yPx)).toBeGreaterThan(20);
});

test("in practice the player sails, and a short click fires one shot that is shown as the own", () => {
  const session = new OfflineSession({ seed: 4, boats: 1, pilot: "player", name: "Ada" });
  session.setControls({ throttle: 1, rudder: 0, aim: 0, fire: true });
  session.setControls({ throttle: 1, rudder: 0, aim: 0, fire: false });
  const frames = play(session, 3);
  expect(frames[0]!.boats[0]).toMatchObject({ name: "Ada", bot: false, own: true });
  expect(frames.at(-1)!.boats[0]!.vxPxPerSecond ** 2 + frames.at(-1)!.boats[0]!.vyPxPerSecond ** 2).toBeGreaterThan(
    100,
  );
  const shots = frames.flatMap((frame) => frame.events).filter((event) => event.type === "shot");
  expect(shots).toMatchObject([{ own: true, seat: 0 }]);
});

test("in an arena all boats are on the map, and those in the neighbourhood on the screen", () => {
  const session = new OfflineSession({ seed: 4, waters: "arena", boats: 500, pilot: "player", name: "Ada" });
  const frames = play(session, 1);
  const { boats, sightings, waters } = frames.at(-1)!;
  expect(waters).toBe("arena");
  expect(sightings).toHaveLength(500);
  expect(new Set(sightings.map(({ name }) => name)).size).toBe(500);
  expect(boats.length).toBeLessThan(100);
  const own = boats.find((boat) => boat.own)!;
  const farPx = (place: { xPx: number; yPx: number }) => Math.hypot(place.xPx - own.xPx, place.yPx - own.yPx);
  const near = sightings.filter((sighting) => farPx(sighting) < NEIGHBOURHOOD_PX - 20);
  const seats = new Set(boats.map(({ seat }) => seat));
  expect(near.length).toBeGreaterThan(1);
  expect(near.every(({ seat }) => seats.has(seat))).toBe(true);
  for (const event of frames.flatMap((frame) => frame.events)) {
    if ("xPx" in event) expect(farPx(event)).toBeLessThan(NEIGHBOURHOOD_PX + 500);
  }
});

test("the same seed is the same game", () => {
  const [a, b] = [4, 4].map((seed) => play(new OfflineSession({ seed, boats: 5, pilot: "bot" }), 5));
  expect(a).toEqual(b);
});

test("a page that was hidden goes on from where it was", () => {
  const session = new OfflineSession({ seed: 4, boats: 3, pilot: "bot" });
  const before = play(session, 1).at(-1)!;
  const after = session.frame(3_600_000);
  const passed = before.phaseSecondsLeft - after.phaseSecondsLeft;
  expect(passed).toBeGreaterThan(0);
  expect(passed).toBeLessThanOrEqual(((OFFLINE_CATCH_UP_MAX_TICKS + 1) * TICK_MS) / 1000);
});
