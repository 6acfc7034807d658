import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARENA, type View } from "../sim/index.ts";
import {
  AreaEncoder,
  decodeArea,
  decodeSnapshot,
  encodeSnapshot,
  ProtocolError,
  REPORT_MARGIN_MAX_TICKS,
  readSnapshotHeader,
  SNAPSHOT_FRAME_MAX_BYTES,
} from "./index.ts";
import { gameEvents, seatReports, viewPairs, views } from "./test-arbitraries.ts";
import { fightOn, fightWorld } from "./test-fights.ts";

const EPOCH = 3;
const ROSTER = 40;

function encode(view: View, base?: View): Uint8Array {
  return encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, base, view, events: [], reports: [] });
}

describe("a snapshot", () => {
  it("decodes to exactly the view, the events and the reports that were encoded, as a keyframe", () => {
    const property = fc.property(views, fc.array(gameEvents), fc.array(seatReports), (view, events, reports) => {
      const bytes = encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, view, events, reports });
      const expected = { epoch: EPOCH, rosterVersion: ROSTER, baseTick: view.tick, view, events, reports };
      expect(decodeSnapshot(bytes)).toStrictEqual(expected);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("decodes to exactly the view, the events and the reports that were encoded, as a delta to any older base", () => {
    const property = fc.property(
      viewPairs,
      fc.array(gameEvents),
      fc.array(seatReports),
      ([base, view], events, reports) => {
        const bytes = encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, base, view, events, reports });
        const expected = { epoch: EPOCH, rosterVersion: ROSTER, baseTick: base.tick, view, events, reports };
        expect(decodeSnapshot(bytes, base)).toStrictEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("carries the beginning of a round in a full arena where every pearl was taken", () => {
    const world = fightWorld(11, ARENA.seats, "arena");
    Object.assign(world, { phase: "podium", phaseEndsAtTick: world.tick + 1, pearls: [] });
    const { view, events } = fightOn(world);
    expect(events.length).toBeGreaterThan(ARENA.seats + ARENA.pearlsAfloat);
    const bytes = encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, view, events, reports: [] });
    expect(decodeSnapshot(bytes)).toMatchObject({ view, events });
    const areas = new AreaEncoder(0);
    areas.advance({ epoch: EPOCH, rosterVersion: ROSTER, view, events, reports: [] });
    expect(decodeArea(areas.frameFor(0, undefined).bytes, undefined).snapshot.view.boats[0]).toEqual(view.boats[0]);
  });

  it("carries a whole fight of 32 boats through its deltas without the smallest difference, in less than 6000 bytes a second", () => {
    const world = fightWorld(11, 32);
    let base: View | undefined;
    let bytesSent = 0;
    const seconds = 30;
    for (let tick = 0; tick < seconds * 30; tick++) {
      const { view, events } = fightOn(world);
      const isKeyframe = tick % 30 === 0;
      const reports = [0, 16].map((seat) => ({
        seat: seat + (tick % 16),
        number: tick,
        applied: tick,
        marginTicks: 2,
      }));
      const bytes = encodeSnapshot({
        epoch: EPOCH,
        rosterVersion: ROSTER,
        base: isKeyframe ? undefined : base,
        view,
        events,
        reports,
      });
      const decoded = decodeSnapshot(bytes, base);
      expect(decoded.view).toStrictEqual(view);
      expect(decoded.events).toStrictEqual(events);
      expect(decoded.reports).toStrictEqual(reports);
      base = decoded.view;
      bytesSent += bytes.length;
    }
    expect(bytesSent / seconds).toBeLessThan(6000);
  });

  it("goes through rounds, people who leave and people who come, and gaps between base and view", () => {
    const world = fightWorld(12, 6);
    let base = fightOn(world).view;
    world.phaseEndsAtTick = world.tick + 20;
    for (let tick = 0; tick < 480; tick++) {
      if (tick % 50 === 7) world.boats[tick % 6] = null;
      const { view } = fightOn(world);
      if (tick % 3 === 0) continue;
      const decoded = decodeSnapshot(encode(view, base), base);
      expect(decoded.view).toStrictEqual(view);
      base = decoded.view;
    }
    expect(base.round).toBe(2);
  });

  it("says nothing about a boat that does what is expected", () => {
    const world = fightWorld(13, 32);
    const { view } = fightOn(world);
    const idle = { ...view, boats: view.boats.map((boat) => boat && { ...boat, vx: 0, vy: 0, turnRate: 0 }) };
    const later = {
      ...idle,
      tick: idle.tick + 1,
      boats: idle.boats.map((boat) => boat && { ...boat, reload: 0, protectedFor: boat.protectedFor - 1 }),
    };
    const headerBytes = 5;
    const bitsBesides = 6;
    expect(encode(later, idle).length).toBeLessThanOrEqual(headerBytes + Math.ceil((32 + bitsBesides) / 8));
  });

  it("keeps the base untouched and shares no boat with it", () => {
    const world = fightWorld(14, 8);
    const first = fightOn(world).view;
    const copy = structuredClone(first);
    const decoded = decodeSnapshot(encode(fightOn(world).view, first), first);
    decoded.view.boats.forEach((boat) => {
      if (boat) boat.x += 1;
    });
    expect(first).toStrictEqual(copy);
  });
});

describe("a report", () => {
  it("tells a margin beyond the limit as the limit, so that a label from hours ago spoils no frame", () => {
    const { view } = fightOn(fightWorld(17, 1));
    const report = { seat: 0, number: 1, applied: 1, marginTicks: -5_000_000 };
    const bytes = encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, view, events: [], reports: [report] });
    expect(decodeSnapshot(bytes).reports).toEqual([{ ...report, marginTicks: -REPORT_MARGIN_MAX_TICKS }]);
  });
});

describe("a snapshot's header", () => {
  it("tells kind, epoch and ticks without a base", () => {
    const world = fightWorld(15, 4);
    const base = fightOn(world).view;
    fightOn(world);
    const { view } = fightOn(world);
    const common = { waters: "basin", area: false, epoch: EPOCH, rosterVersion: ROSTER, tick: 3 };
    expect(readSnapshotHeader(encode(view))).toEqual({ ...common, keyframe: true, baseTick: 3 });
    expect(readSnapshotHeader(encode(view, base))).toEqual({ ...common, keyframe: false, baseTick: 1 });
  });

  it("is undefined for other frames, other versions and cut bytes", () => {
    expect(readSnapshotHeader(new Uint8Array())).toBeUndefined();
    expect(readSnapshotHeader(Uint8Array.of(0x11, 1, 1, 1))).toBeUndefined();
    expect(readSnapshotHeader(Uint8Array.of(0x22, 1, 1, 1, 1))).toBeUndefined();
    expect(readSnapshotHeader(Uint8Array.of(0x31, 1, 1))).toBeUndefined();
    expect(readSnapshotHeader(Uint8Array.of(0x21, 1, 1, 5, 6))).toBeUndefined();
  });
});

describe("a snapshot that cannot be right", () => {
  const world = fightWorld(16, 32);
  const base = fightOn(world).view;
  const { view, events } = fightOn(world);
  const keyframe = encode(view);
  const delta = encodeSnapshot({ epoch: EPOCH, rosterVersion: ROSTER, base, view, events, reports: [] });

  it("is refused without its base or with another one", () => {
    expect(() => decodeSnapshot(delta)).toThrow(ProtocolError);
    expect(() => decodeSnapshot(delta, view)).toThrow("cannot decode: the delta is to tick 1, the base is tick 2");
  });

  it("is refused in another codec version", () => {
    const other = keyframe.slice();
    other[0] = 0x32;
    expect(() => decodeSnapshot(other)).toThrow(ProtocolError);
  });

  it("is refused at every length but its own", () => {
    for (let length = 0; length < delta.length; length++) {
      expect(() => decodeSnapshot(delta.subarray(0, length), base)).toThrow(ProtocolError);
    }
    expect(() => decodeSnapshot(Uint8Array.of(...delta, 0), base)).toThrow(ProtocolError);
  });

  it("is refused above the limit before a byte is read", () => {
    const large = new Uint8Array(SNAPSHOT_FRAME_MAX_BYTES + 1);
    large.set(keyframe);
    expect(() => decodeSnapshot(large)).toThrow("too large");
  });

  it("is not made: a base younger than the view, or more boats than the limit", () => {
    expect(() => encode(base, view)).toThrow(RangeError);
    expect(() => encode({ ...view, boats: new Array(513).fill(null) })).toThrow(RangeError);
  });

  it("throws a ProtocolError or decodes to something within all limits, whatever bits are flipped", () => {
    const property = fc.property(
      fc.constantFrom(keyframe, delta),
      fc.array(fc.nat({ max: delta.length * 8 - 1 }), { minLength: 1, maxLength: 6 }),
      (frame, flips) => {
        const bent = frame.slice();
        for (const flip of flips) bent[flip >> 3]! ^= 1 << (flip & 7);
        expectHarmless(bent, base);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  it("throws a ProtocolError or decodes to something within all limits, whatever bytes follow the kind", () => {
    const property = fc.property(fc.constantFrom(0x21, 0x31, 0), fc.uint8Array({ maxLength: 400 }), (kind, tail) => {
      expectHarmless(Uint8Array.of(...(kind ? [kind] : []), ...tail), base);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

/** What a frame from anybody may do at worst: be refused, or be a view that could be encoded again. */
function expectHarmless(bytes: Uint8Array, base: View): void {
  readSnapshotHeader(bytes);
  try {
    const { view, events, reports } = decodeSnapshot(bytes, base);
    const again = encodeSnapshot({ epoch: 1, rosterVersion: 1, view, events, reports });
    expect(decodeSnapshot(again).view).toStrictEqual(view);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}
