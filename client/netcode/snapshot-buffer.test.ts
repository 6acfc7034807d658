import { expect, test } from "vitest";
import { encodeSnapshot } from "../../game/protocol/index.ts";
import { addBoat, botControls, createWorld, step, type View, viewOf } from "../../game/sim/index.ts";
import { EPOCH_BACK_MS, KEYFRAME_RETRY_MS, SnapshotBuffer, VIEWS_MAX } from "./snapshot-buffer.ts";

/** The views of a short fight, one for each tick from 0. */
function views(count: number): View[] {
  const world = createWorld(3);
  for (let seat = 0; seat < 4; seat++) addBoat(world, seat, { bot: true });
  const made = [viewOf(world)];
  while (made.length < count) {
    step(
      world,
      world.boats.map((boat, seat) => (boat ? botControls(world, seat) : undefined)),
    );
    made.push(viewOf(world));
  }
  return made;
}

const all = views(80);

function frame(tick: number, base?: number, epoch = 1): Uint8Array {
  const view = all[tick]!;
  return encodeSnapshot({
    epoch,
    rosterVersion: 1,
    base: base === undefined ? undefined : all[base],
    view,
    events: [],
    reports: [],
  });
}

test("a keyframe and the differences after it give the very views", () => {
  const buffer = new SnapshotBuffer();
  buffer.take(frame(0), 0);
  for (let tick = 1; tick < 80; tick++) expect(buffer.take(frame(tick, tick - 1), 0).kind).toBe("snapshot");
  expect(buffer.views).toEqual(all.slice(-VIEWS_MAX));
});

test("a difference without its base asks for a keyframe, again only after a while, and goes on with it", () => {
  const buffer = new SnapshotBuffer();
  expect(buffer.take(frame(5, 4), 0)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(frame(6, 5), 33)).toEqual({ kind: "ignored", askKeyframe: false });
  expect(buffer.take(frame(7, 6), KEYFRAME_RETRY_MS)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(frame(8), 600)).toMatchObject({ kind: "snapshot", isKeyframe: true });
  expect(buffer.take(frame(9, 8), 633).kind).toBe("snapshot");
});

test("what a second socket brings again is ignored without asking", () => {
  const buffer = new SnapshotBuffer();
  buffer.take(frame(8), 0);
  expect(buffer.take(frame(8), 0)).toEqual({ kind: "ignored", askKeyframe: false });
  expect(buffer.take(frame(7, 6), 0)).toEqual({ kind: "ignored", askKeyframe: false });
});

test("a new epoch begins with a keyframe, may go back a little, and ends the old one", () => {
  const buffer = new SnapshotBuffer();
  for (const tick of [10, 11, 12]) buffer.take(frame(tick), 0);
  expect(buffer.take(frame(13, 12, 2), 0)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(frame(11, undefined, 2), 0)).toMatchObject({ kind: "snapshot", isNewEpoch: true });
  expect(buffer.views.map((view) => view.tick)).toEqual([10, 11]);
  expect(buffer.take(frame(20, undefined, 1), 0)).toEqual({ kind: "ignored", askKeyframe: false });
});

test("two sockets bring the same: whichever is first is taken, nothing is asked for, across a hand-over too", () => {
  // Each socket brings every tick in order, the new one from a keyframe on; epoch 2 begins with a keyframe on both.
  const stream = (from: number) =>
    Array.from({ length: 40 - from }, (_, at) => {
      const tick = from + at;
      const isKeyframe = at === 0 || tick === 20;
      return frame(tick, isKeyframe ? undefined : tick - 1, tick < 20 ? 1 : 2);
    });
  for (const lag of [-3, -1, 0, 1, 3]) {
    const old = stream(1);
    const young = stream(8);
    const buffer = new SnapshotBuffer();
    const ticks: number[] = [];
    for (let step = 0; step < 48; step++) {
      const youngAt = step - 7 - lag;
      for (const bytes of [old[step], young[youngAt]]) {
        if (!bytes) continue;
        const taken = buffer.take(bytes, step * 33);
        if (taken.kind === "snapshot") ticks.push(taken.snapshot.view.tick);
        else expect(taken.askKeyframe).toBe(false);
      }
    }
    // Only a socket that is quicker than the old one by whole ticks passes over some, once.
    const passedOver = Math.max(0, -lag - 1);
    expect(ticks.at(-1)).toBe(39);
    expect(ticks).toHaveLength(39 - passedOver);
    expect(ticks.toSorted((a, b) => a - b)).toEqual(ticks);
  }
});

test("a former owner that is the only one left to be heard is believed after a while, from a keyframe on", () => {
  const buffer = new SnapshotBuffer();
  buffer.take(frame(30, undefined, 5), 0);
  expect(buffer.take(frame(10, undefined, 2), EPOCH_BACK_MS - 1)).toEqual({ kind: "ignored", askKeyframe: false });
  expect(buffer.take(frame(11, 10, 2), EPOCH_BACK_MS)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(frame(12, undefined, 2), EPOCH_BACK_MS + 33)).toMatchObject({ isNewEpoch: true });
  expect(buffer.take(frame(13, 12, 2), EPOCH_BACK_MS + 66).kind).toBe("snapshot");
  expect(buffer.views.map((view) => view.tick)).toEqual([12, 13]);
});

test("bytes that are no snapshot count as a gap", () => {
  const buffer = new SnapshotBuffer();
  expect(buffer.take(Uint8Array.of(1, 2, 3), 0)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(frame(4).slice(0, 20), 1_000)).toEqual({ kind: "ignored", askKeyframe: true });
});
