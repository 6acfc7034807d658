import { describe, expect, test } from "vitest";
import {
  backAfterMs,
  type Heard,
  hasLostPoints,
  hasNewOwner,
  isLocal,
  longestSilenceMs,
  type Points,
  type Timeline,
  ticksLost,
} from "./timeline.ts";

const TICK_MS = 33;

/** Ticks `from` to `to`, heard one after the other; the first one at `atMs`. */
function stream(atMs: number, from: number, to: number, change: Partial<Heard> = {}): Heard[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    atMs: atMs + index * TICK_MS,
    tick: from + index,
    epoch: 1,
    room: "ABCD",
    gateway: "s1",
    owner: "s1",
    points: { score: 0, sinkings: 0, losses: 0 },
    round: 1,
    ...change,
  }));
}

const timeline = (...heard: Heard[][]): Timeline => ({ name: "Ann", heard: heard.flat() });

describe("the longest silence", () => {
  const paused = timeline(stream(0, 1, 10), stream(1_000, 11, 20));

  test("is the longest pause between two snapshots that touches the span", () => {
    expect(longestSilenceMs(paused, 0, 1_297)).toBe(1_000 - 9 * TICK_MS);
    expect(longestSilenceMs(paused, 500, 600)).toBe(1_000 - 9 * TICK_MS);
    expect(longestSilenceMs(paused, 0, 200)).toBe(TICK_MS);
  });

  test("counts the silence at the end, and is for ever for who heard nothing", () => {
    expect(longestSilenceMs(paused, 1_000, 6_000)).toBe(6_000 - (1_000 + 9 * TICK_MS));
    expect(longestSilenceMs(timeline([]), 0, 1_000)).toBe(Number.POSITIVE_INFINITY);
  });

  test("ends with the first snapshot after a moment, if there is one", () => {
    expect(backAfterMs(paused, 700)).toBe(300);
    expect(backAfterMs(paused, 9_000)).toBe(Number.POSITIVE_INFINITY);
  });
});

test("a player is local while room and connection are on one server; a room has a new owner when its epoch is another one", () => {
  const moved = timeline(stream(0, 1, 10), stream(1_000, 11, 20, { owner: "s2", epoch: 2 }));
  expect([isLocal(moved, 500), isLocal(moved, 1_500)]).toEqual([true, false]);
  expect([hasNewOwner(moved, 100, 500), hasNewOwner(moved, 100, 1_500)]).toEqual([false, true]);
});

describe("lost ticks", () => {
  const taken = (tick: number, room = "ABCD", epoch = 2) => ({ room, epoch, tick });

  test("are those between the checkpoint and the newest tick that anybody in the room had heard", () => {
    const far = timeline(stream(0, 1, 32), stream(3_000, 40, 50, { epoch: 2 }));
    const near = timeline(stream(0, 1, 30), stream(3_100, 44, 50, { epoch: 2 }));
    expect(ticksLost([far, near], 2_000, [taken(20)])).toBe(12);
    expect(ticksLost([far, near], 2_000, [taken(33)])).toBe(0);
  });

  test("are counted in each room by itself, in the epoch after the one that was heard", () => {
    const here = timeline(stream(0, 500, 530));
    const there = timeline(stream(0, 1, 31, { room: "WXYZ", epoch: 4 }));
    const takeovers = [taken(1, "WXYZ", 2), taken(520), taken(29, "WXYZ", 5)];
    expect(ticksLost([here, there], 2_000, takeovers)).toBe(10);
  });

  test("cannot be told of a room that nobody took over", () => {
    expect(ticksLost([timeline(stream(0, 1, 30))], 2_000, [taken(20, "WXYZ")])).toBeNaN();
  });
});

describe("points", () => {
  const had = { score: 10, sinkings: 1, losses: 0 };
  const points = (after: Partial<Points>, change: Partial<Heard> = {}) =>
    timeline(
      stream(0, 1, 100, { points: had }),
      stream(3_300, 101, 110, { points: { ...had, score: 15 } }),
      stream(6_000, 90, 100, { points: { ...had, ...after }, epoch: 2, ...change }),
    );

  test("of more than the grace before are lost when the new owner has fewer", () => {
    expect(hasLostPoints(points({ score: 9 }), 3_600, 1_000)).toBe(true);
    expect(hasLostPoints(points({ score: 10 }), 3_600, 1_000)).toBe(false);
  });

  test("may be fewer after having been sunk; sinkings may not", () => {
    expect(hasLostPoints(points({ score: 5, losses: 1 }), 3_600, 1_000)).toBe(false);
    expect(hasLostPoints(points({ score: 5, losses: 1, sinkings: 0 }), 3_600, 1_000)).toBe(true);
  });

  test("begin anew with a round, and are gone with the room", () => {
    expect(hasLostPoints(points({ score: 0, sinkings: 0 }, { round: 2 }), 3_600, 1_000)).toBe(false);
    expect(hasLostPoints(points({ score: 50 }, { room: "WXYZ" }), 3_600, 1_000)).toBe(true);
  });

  test("of a room that went on undisturbed are not looked at", () => {
    expect(hasLostPoints(timeline(stream(0, 1, 100, { points: had })), 3_600, 1_000)).toBe(false);
  });
});
