import { expect, it } from "vitest";
import {
  ARENA_FRAME_MAX_BYTES,
  decodeSnapshot,
  encodeSnapshot,
  ProtocolError,
  parseHello,
  parseJoinRequest,
  readSnapshotHeader,
} from "./index.ts";
import { fightOn, fightWorld, gather } from "./test-fights.ts";

it("a whole arena of 500 goes between servers and comes out as it went in", () => {
  const world = fightWorld(3, 500, "arena");
  gather(world, 0, 100, 6000, 4500);
  let base = fightOn(world).view;
  for (let tick = 0; tick < 60; tick++) {
    const { view, events } = fightOn(world);
    const content = { epoch: 1, rosterVersion: 2, view, events, reports: [] };
    const [whole, delta] = [encodeSnapshot(content), encodeSnapshot({ ...content, base })];
    expect(whole.length).toBeLessThan(ARENA_FRAME_MAX_BYTES / 2);
    expect(decodeSnapshot(whole)).toMatchObject({ view, events });
    expect(decodeSnapshot(delta, base)).toMatchObject({ view, events });
    expect(readSnapshotHeader(delta)).toMatchObject({ waters: "arena", area: false, keyframe: false });
    base = view;
  }
}, 60_000);

it("a difference of an arena does not apply to a basin, nor the other way", () => {
  const basin = fightWorld(3, 4);
  const arena = fightWorld(3, 4, "arena");
  const frames = [basin, arena].map((world) => {
    const base = fightOn(world).view;
    const { view } = fightOn(world);
    return { base, delta: encodeSnapshot({ epoch: 1, rosterVersion: 1, base, view, events: [], reports: [] }) };
  });
  expect(() => decodeSnapshot(frames[0]!.delta, frames[1]!.base)).toThrow(ProtocolError);
  expect(() => decodeSnapshot(frames[1]!.delta, frames[0]!.base)).toThrow(ProtocolError);
});

it("a page says that it understands areas, and asks for an arena; other waters are not known", () => {
  expect(parseHello({ protocol: 2, build: "b", areas: true })).toEqual({ protocol: 2, build: "b", areas: true });
  expect(parseHello({ protocol: 2, build: "b", areas: 1 })).toEqual({ protocol: 2, build: "b" });
  expect(parseJoinRequest({ name: "Ann", waters: "arena" })).toEqual({ name: "Ann", waters: "arena" });
  expect(parseJoinRequest({ name: "Ann", waters: "sea" })).toBe("bad-frame");
});
