import { expect, test } from "vitest";
import {
  type AreaBase,
  AreaEncoder,
  type AreaProgress,
  decodeArea,
  encodeSnapshot,
  ProtocolError,
} from "../../game/protocol/index.ts";
import { addBoat, botControls, createWorld, step, type View, viewOf } from "../../game/sim/index.ts";
import { DECODED_MAX, sharedAreaDecode, sharedDecode } from "./shared-decode.ts";

function views(seed: number, count: number): View[] {
  const world = createWorld(seed);
  addBoat(world, 0, { bot: true });
  return Array.from({ length: count }, () => {
    step(world, [{ throttle: 7, rudder: 2, aim: 0, fire: false, lagTicks: 0 }]);
    return viewOf(world);
  });
}

const encode = (view: View, base?: View) =>
  encodeSnapshot({ epoch: 1, rosterVersion: 1, base, view, events: [], reports: [] });

test("the same bytes to the same base are one snapshot, whoever has them", () => {
  const decode = sharedDecode();
  const [first, second] = views(1, 2) as [View, View];
  const key = decode(encode(first), undefined);
  expect(decode(encode(first), undefined)).toBe(key);
  const delta = decode(encode(second, first), key.view);
  expect(delta.view).toEqual(second);
  expect(decode(encode(second, first), key.view)).toBe(delta);
});

test("equal bytes to another base, and other bytes, are other snapshots", () => {
  const decode = sharedDecode();
  const [first, second] = views(1, 2) as [View, View];
  const bytes = encode(second, first);
  expect(decode(bytes, structuredClone(first))).not.toBe(decode(bytes, first));
  expect(decode(encode(views(2, 1)[0]!), undefined)).not.toEqual(decode(encode(first), undefined));
});

test("many snapshots are forgotten, and are still decoded right", () => {
  const decode = sharedDecode();
  for (const view of views(3, DECODED_MAX + 50)) expect(decode(encode(view), undefined).view).toEqual(view);
});

test("wrong bytes are refused each time", () => {
  const decode = sharedDecode();
  for (let time = 0; time < 2; time++) expect(() => decode(Uint8Array.of(1, 2), undefined)).toThrow(ProtocolError);
});

test("players of an arena share the cells that they hear, wherever they came from, and each is told right", () => {
  const world = createWorld(4, "arena");
  const seats = Array.from({ length: 60 }, (_, seat) => seat);
  for (const seat of seats) addBoat(world, seat, { bot: true });
  // Two bands on their way to the same place.
  for (const seat of seats)
    Object.assign(world.boats[seat]!, { x: 300_000 + (seat % 2) * 90_000, y: 300_000 + seat * 500 });
  const encoder = new AreaEncoder(7);
  const decode = sharedAreaDecode();
  const listeners = seats.map((seat) => ({
    seat,
    progress: undefined as AreaProgress | undefined,
    base: undefined as AreaBase | undefined,
    ownBase: undefined as AreaBase | undefined,
  }));
  for (let tick = 0; tick < 61; tick++) {
    const events = step(
      world,
      seats.map((seat) => botControls(world, seat)),
    );
    const reports = [{ seat: tick % 60, number: tick, applied: tick, marginTicks: 1 }];
    encoder.advance({ epoch: 1, rosterVersion: 1, view: viewOf(world), events, reports });
    for (const listener of listeners) {
      // Somebody who did not drain begins anew; what the others know is the same as before.
      const missed = tick === 40 && listener.seat === 5;
      const { bytes, progress } = encoder.frameFor(listener.seat, missed ? undefined : listener.progress);
      const shared = decode(bytes, missed ? undefined : listener.base);
      const own = decodeArea(bytes, missed ? undefined : listener.ownBase);
      if (tick % 15 === 0) expect(shared).toEqual(own);
      Object.assign(listener, { progress, base: shared.base, ownBase: own.base });
    }
  }
  // Where they listen from the same cell, it is the very same cells that they know.
  const known = new Map<number, Set<unknown>>();
  for (const { base } of listeners) {
    for (const [index, cell] of base!.cells) known.set(index, (known.get(index) ?? new Set()).add(cell));
  }
  expect(known.size).toBeGreaterThan(5);
  for (const cells of known.values()) expect(cells.size).toBe(1);
});
