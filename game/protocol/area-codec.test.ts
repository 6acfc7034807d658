import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { addBoat, type GameEvent, removeBoat, TICK_RATE, UNITS_PER_PX, type View } from "../sim/index.ts";
import { cellAt, HEARD_AROUND_PX } from "./area-cells.ts";
import {
  type AreaBase,
  AreaEncoder,
  type AreaProgress,
  type AreaSnapshot,
  decodeArea,
  ProtocolError,
  type SeatReport,
  type SnapshotContent,
} from "./index.ts";
import { fightOn, fightWorld, gather } from "./test-fights.ts";

/** What anybody in an arena may be told in a second, bytes (design 3.2). */
const BUDGET_BYTES_PER_SECOND = 6000;

/** One who is told of an arena, over a network that loses nothing unless told to. */
class Listener {
  readonly seat: number;
  progress: AreaProgress | undefined;
  base: AreaBase | undefined;
  bytes = 0;

  constructor(seat: number) {
    this.seat = seat;
  }

  hear(encoder: AreaEncoder): AreaSnapshot {
    const frame = encoder.frameFor(this.seat, this.progress);
    this.bytes += frame.bytes.length;
    this.progress = frame.progress;
    const heard = decodeArea(frame.bytes, this.base);
    this.base = heard.base;
    return heard;
  }
}

function listeners(count: number, apart = 1): Listener[] {
  return Array.from({ length: count }, (_, at) => new Listener(at * apart));
}

function contentOf(view: View, events: SnapshotContent["events"] = [], reports: SeatReport[] = []): SnapshotContent {
  return { epoch: 2, rosterVersion: 3, view, events, reports };
}

/** All boats and pearls within what is heard around the listener's boat are as they are; others are too, or unknown. */
function expectNeighbourhood(heard: View, truth: View, seat: number): void {
  const own = truth.boats[seat]!;
  const near = (place: { x: number; y: number }) =>
    Math.max(Math.abs(place.x - own.x), Math.abs(place.y - own.y)) < HEARD_AROUND_PX * UNITS_PER_PX;
  const expected = truth.boats.map((boat, at) => ((boat && near(boat)) || heard.boats[at] !== null ? boat : null));
  expect(heard.boats).toEqual(expected);
  const floating = new Set(truth.pearls.map(({ id }) => id));
  const known = new Set(heard.pearls.map(({ id }) => id));
  expect(truth.pearls.filter((pearl) => near(pearl) && !known.has(pearl.id))).toEqual([]);
  expect([...known].filter((id) => !floating.has(id))).toEqual([]);
}

describe("what a listener is told of an arena", () => {
  it("is its neighbourhood as it is, in every tick, whatever it missed", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.infiniteStream(fc.nat({ max: 9 })), (seed, chances) => {
        const world = fightWorld(seed, 150, "arena");
        const encoder = new AreaEncoder(5);
        const all = listeners(10, 15);
        for (let tick = 0; tick < 40; tick++) {
          const chance = chances.next().value!;
          if (chance === 0) removeBoat(world, 140 + (tick % 10));
          if (chance === 1 && !world.boats[149]) addBoat(world, 149, { bot: true });
          const { view, events } = fightOn(world);
          encoder.advance(contentOf(view, events));
          for (const listener of all) {
            // One in ten is not drained, and is told nothing of this tick.
            if (chances.next().value === 0) continue;
            expectNeighbourhood(listener.hear(encoder).snapshot.view, view, listener.seat);
          }
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it("is the events near it, and of pearls only those that are taken", () => {
    const world = fightWorld(3, 300, "arena");
    gather(world, 0, 6, 6000, 4000);
    const encoder = new AreaEncoder(1);
    const [listener] = listeners(1);
    const seen: unknown[] = [];
    const happened: GameEvent[] = [];
    for (let tick = 0; tick < 150; tick++) {
      const { view, events } = fightOn(world);
      encoder.advance(contentOf(view, events));
      const heard = listener!.hear(encoder).snapshot;
      seen.push(...heard.events);
      const isHeard = (event: (typeof events)[number]) => "boat" in event && heard.view.boats[event.boat] !== null;
      happened.push(...events.filter(isHeard));
    }
    expect(seen.length).toBeGreaterThan(20);
    // Told cell by cell, so in another order.
    const sorted = (list: unknown[]) => list.map((event) => JSON.stringify(event)).sort();
    expect(sorted(seen)).toEqual(
      sorted(happened.filter(({ type }) => type !== "pearl-spawn" && type !== "pearl-gone")),
    );
  });

  it("is the whole arena roughly, each seat in its turn", () => {
    const world = fightWorld(9, 400, "arena");
    const encoder = new AreaEncoder(1);
    const [listener] = listeners(1);
    const sighted = new Set<number>();
    for (let tick = 0; tick < 50; tick++) {
      const { view } = fightOn(world);
      encoder.advance(contentOf(view));
      for (const boat of listener!.hear(encoder).sighted.boats) {
        if (!boat) continue;
        sighted.add(boat.seat);
        const truth = view.boats[boat.seat]!;
        expect(Math.abs(boat.x - truth.x)).toBeLessThanOrEqual(25 * UNITS_PER_PX + 1);
        expect(Math.abs(boat.y - truth.y)).toBeLessThanOrEqual(25 * UNITS_PER_PX + 1);
        expect([boat.score, boat.afloat]).toEqual([truth.score, truth.hull > 0]);
      }
    }
    expect(sighted.size).toBe(400);
  });

  it("is its own report, and nobody else's", () => {
    const { view } = fightOn(fightWorld(1, 20, "arena"));
    const encoder = new AreaEncoder(1);
    const report = { seat: 4, number: 70, applied: 69, marginTicks: -2 };
    encoder.advance(contentOf(view, [], [report]));
    expect(new Listener(4).hear(encoder).snapshot.reports).toEqual([report]);
    expect(new Listener(5).hear(encoder).snapshot.reports).toEqual([]);
  });

  it("is told in the same bytes to all who hear the same", () => {
    const world = fightWorld(4, 200, "arena");
    const encoder = new AreaEncoder(1);
    const all = listeners(200);
    let frames = new Set<Uint8Array>();
    for (let tick = 0; tick < 3; tick++) {
      encoder.advance(contentOf(fightOn(world).view));
      frames = new Set();
      for (const listener of all) {
        const frame = encoder.frameFor(listener.seat, listener.progress);
        listener.progress = frame.progress;
        frames.add(frame.bytes);
      }
    }
    const cells = new Set(world.boats.flatMap((boat) => (boat ? [cellAt(boat)] : [])));
    expect(frames.size).toBeLessThanOrEqual(cells.size + 8);
    expect(frames.size).toBeLessThan(200);
  });

  it("begins anew in another epoch and after a tick that was passed over", () => {
    const world = fightWorld(4, 20, "arena");
    const encoder = new AreaEncoder(1);
    const listener = new Listener(0);
    encoder.advance(contentOf(fightOn(world).view));
    expect(listener.hear(encoder).snapshot.baseTick).toBe(1);
    encoder.advance(contentOf(fightOn(world).view));
    expect(listener.hear(encoder).snapshot.baseTick).toBe(1);
    encoder.advance({ ...contentOf(fightOn(world).view), epoch: 3 });
    expect(listener.hear(encoder).snapshot.baseTick).toBe(3);
    fightOn(world);
    encoder.advance({ ...contentOf(fightOn(world).view), epoch: 3 });
    expect(listener.hear(encoder).snapshot.baseTick).toBe(5);
  });
});

describe("what a fight of 500 costs", () => {
  const SECONDS = 10;
  /** How far from the truth half of a crowd and nineteen of twenty may be believed, pixels: a boat is 36 wide. */
  const CROWD_OFF_PX = { half: 6, most: 64 };

  it("is within the budget for everybody, and nothing is left out", () => {
    const world = fightWorld(6, 500, "arena");
    const encoder = new AreaEncoder(1);
    const all = listeners(500);
    for (let tick = 0; tick < SECONDS * TICK_RATE; tick++) {
      const { view, events } = fightOn(world);
      encoder.advance(contentOf(view, events, reportsOf(view, tick)));
      for (const listener of all) {
        const frame = encoder.frameFor(listener.seat, listener.progress);
        // What begins is not what goes on: the first frame is whole.
        if (listener.progress) listener.bytes += frame.bytes.length;
        listener.progress = frame.progress;
      }
    }
    expect(Math.max(...all.map(({ bytes }) => bytes / SECONDS))).toBeLessThan(BUDGET_BYTES_PER_SECOND);
  }, 120_000);

  it("is within it where 200 crowd in one place, and everybody knows its own boat exactly and the others nearly", () => {
    const world = fightWorld(6, 500, "arena");
    gather(world, 0, 200, 6000, 4500);
    const encoder = new AreaEncoder(1);
    const all = listeners(10, 20);
    const offPx: number[] = [];
    for (let tick = 0; tick < SECONDS * TICK_RATE; tick++) {
      const { view, events } = fightOn(world);
      encoder.advance(contentOf(view, events, reportsOf(view, tick)));
      for (const listener of all) {
        const { snapshot } = listener.hear(encoder);
        // What begins is not what goes on: the first frame is whole.
        if (tick === 0) listener.bytes = 0;
        expect(snapshot.view.boats[listener.seat]).toEqual(view.boats[listener.seat]);
        for (const [seat, boat] of snapshot.view.boats.entries()) {
          const truth = view.boats[seat];
          if (boat && truth) offPx.push(Math.hypot(boat.x - truth.x, boat.y - truth.y) / UNITS_PER_PX);
        }
      }
    }
    expect(Math.max(...all.map(({ bytes }) => bytes / SECONDS))).toBeLessThan(BUDGET_BYTES_PER_SECOND);
    offPx.sort((a, b) => a - b);
    expect(offPx[Math.floor(offPx.length * 0.5)]).toBeLessThan(CROWD_OFF_PX.half);
    expect(offPx[Math.floor(offPx.length * 0.95)]).toBeLessThan(CROWD_OFF_PX.most);
  }, 120_000);
});

function reportsOf(view: View, tick: number): SeatReport[] {
  return view.boats.flatMap((_, seat) =>
    (tick + seat) % 15 === 0 ? [{ seat, number: 1000 + tick, applied: 1000 + tick, marginTicks: 2 }] : [],
  );
}

describe("wrong bytes", () => {
  let whole: Uint8Array;
  let change: Uint8Array;
  let base: AreaBase;

  beforeAll(() => {
    const world = fightWorld(2, 300, "arena");
    gather(world, 0, 30, 5000, 5000);
    const encoder = new AreaEncoder(1);
    const first = fightOn(world);
    encoder.advance(contentOf(first.view, first.events));
    const frame = encoder.frameFor(0, undefined);
    whole = frame.bytes;
    base = decodeArea(whole, undefined).base;
    const second = fightOn(world);
    encoder.advance(contentOf(second.view, second.events, [{ seat: 0, number: 9, applied: 9, marginTicks: 1 }]));
    change = encoder.frameFor(0, frame.progress).bytes;
  });

  it.each([0, 1])("cost a ProtocolError and nothing else: cut, flipped or random (%s)", (which) => {
    const bytes = which === 0 ? whole : change;
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const flipped = bytes.slice();
        flipped[at]! ^= 1 << bit;
        tryToDecode(flipped);
        expect(() => decodeArea(bytes.subarray(0, at), base)).toThrow(ProtocolError);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
        tryToDecode(Uint8Array.of(...bytes.subarray(0, 12), ...tail));
        tryToDecode(tail);
      }),
      { numRuns: 1000 },
    );
  });

  it("are those of another stream, another tick or another cell, too", () => {
    expect(decodeArea(change, base).snapshot.reports).toHaveLength(1);
    for (const wrong of [
      undefined,
      { ...base, stream: 2 },
      { ...base, tick: 0 },
      { ...base, epoch: 1 },
      { ...base, cell: 7 },
    ]) {
      expect(() => decodeArea(change, wrong)).toThrow(ProtocolError);
    }
  });

  function tryToDecode(bytes: Uint8Array): void {
    try {
      decodeArea(bytes, base);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
  }
});
