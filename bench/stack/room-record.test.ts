import { expect, test } from "vitest";
import { encodeSnapshot } from "../../game/protocol/index.ts";
import { createWorld, type View } from "../../game/sim/index.ts";
import { aimOfInput, inputDelays, newPlayerRecord, snapshotDelays, viewsOf } from "./room-record.ts";

/** Only what the analysis looks at. */
const view = (tick: number, aim: number): View => ({ tick, boats: [null, { aim }] }) as unknown as View;

test("an input is shown by the first snapshot with its aim, also when several come in one tick and the aim starts over", () => {
  const player = newPlayerRecord(1);
  player.inputs.push({ number: 254, us: 6_000 }, { number: 255, us: 10_000 }, { number: 256, us: 20_000 });
  for (const [tick, us] of [
    [7, 5_000],
    [8, 38_000],
    [9, 71_000],
  ] as const) {
    player.arrivals.set(tick, us);
  }
  const views = [view(7, aimOfInput(253)), view(8, aimOfInput(254)), view(9, aimOfInput(256))];
  expect(inputDelays(player, views)).toEqual([32_000, 61_000, 51_000]);
});

test("inputs from before the first view are not looked at", () => {
  const player = newPlayerRecord(1);
  player.inputs.push({ number: 8, us: 100 }, { number: 9, us: 600 }, { number: 10, us: 40_000 });
  player.arrivals.set(7, 900_000).set(8, 933_000);
  expect(inputDelays(player, [view(7, 10), view(8, 10)])).toEqual([]);
});

test("an input that no snapshot has shown yet has no latency", () => {
  const player = newPlayerRecord(1);
  player.inputs.push({ number: 10, us: 1_000 }, { number: 11, us: 2_000 });
  player.arrivals.set(7, 500).set(8, 3_000);
  expect(inputDelays(player, [view(7, 9), view(8, 10)])).toEqual([2_000]);
});

test("a snapshot's delay counts from the first of those who heard it at the source", () => {
  const [early, late, far] = [newPlayerRecord(0), newPlayerRecord(1), newPlayerRecord(2)];
  early.arrivals.set(7, 100).set(8, 400);
  late.arrivals.set(7, 90);
  far.arrivals.set(6, 50).set(7, 300).set(8, 500);
  expect(snapshotDelays(far, [early, late])).toEqual([210, 100]);
});

test("views are decoded from the first keyframe on", () => {
  const world = createWorld(7);
  const at = (tick: number): View => {
    const { seed, phase, phaseEndsAtTick, round } = world;
    return { tick, seed, phase, phaseEndsAtTick, round, waters: "basin", boats: [], pearls: [] } as View;
  };
  const shared = { epoch: 1, rosterVersion: 1, events: [], reports: [] };
  const frames = [
    encodeSnapshot({ ...shared, base: at(4), view: at(5) }),
    encodeSnapshot({ ...shared, view: at(6) }),
    encodeSnapshot({ ...shared, base: at(6), view: at(7) }),
  ];
  expect(viewsOf(frames).map(({ tick }) => tick)).toEqual([6, 7]);
  expect(() => viewsOf([frames[1]!, encodeSnapshot({ ...shared, base: at(7), view: at(8) })])).toThrow(
    "the base is tick 6",
  );
});
