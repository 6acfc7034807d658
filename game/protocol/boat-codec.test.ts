import { expect, test } from "vitest";
import { SCORE_PEARL, SCORE_SINKING } from "../sim/constants.ts";
import { BASIN } from "../sim/waters.ts";
import { BitReader } from "./bit-reader.ts";
import { BitWriter } from "./bit-writer.ts";
import { expectedBoat, NO_BOAT, readBoat, writeBoat } from "./boat-codec.ts";

const TICKS = 1;
const afloat = { ...NO_BOAT, x: 1_000, y: 1_000, hull: 50, reload: 9, respawnIn: 7, protectedFor: 5 };
const base = { ...afloat, pearls: 3, score: 90, sinkings: 2, losses: 4 };
const expected = expectedBoat(base, TICKS, BASIN);

function overTheWire(boat: typeof expected) {
  const writer = new BitWriter();
  const wasQuiet = writeBoat(writer, base, TICKS, boat, BASIN);
  const read = readBoat(new BitReader(writer.finish()), base, TICKS, BASIN);
  return { wasQuiet, read };
}

test("a boat that does what is expected of it is told in one bit", () => {
  expect(overTheWire(expected)).toEqual({ wasQuiet: true, read: expected });
});

test.each([
  ["hull", {}],
  ["reload", {}],
  ["pearls", { score: expected.score + SCORE_PEARL }],
  ["sinkings", { score: expected.score + SCORE_SINKING }],
  ["losses", {}],
  ["score", {}],
  ["respawnIn", {}],
  ["protectedFor", {}],
] as const)("a boat of which nothing but %s is unexpected is told so", (name, follows) => {
  const boat = { ...expected, [name]: expected[name] + 1, ...follows };
  expect(overTheWire(boat)).toEqual({ wasQuiet: false, read: boat });
});
