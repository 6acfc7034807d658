import { expect, test } from "vitest";
import { encodeSnapshot, ProtocolError } from "../../game/protocol/index.ts";
import { addBoat, createWorld, step, type View, viewOf } from "../../game/sim/index.ts";
import { DECODED_MAX, sharedDecode } from "./shared-decode.ts";

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
