// For tests: any view, event, report and input that the wire can carry, however unlikely in a game.

import fc from "fast-check";
import {
  AIM_STEPS,
  BASIN,
  type BoatState,
  CONTROL_STEPS,
  type GameEvent,
  HULL_FULL,
  MAX_REWIND_TICKS,
  MAX_SPEED_UNITS_PER_TICK,
  MAX_TURN_RATE_PER_TICK,
  MUZZLE_SPEED_UNITS_PER_TICK,
  type Pearl,
  PROTECTED_TICKS,
  RELOAD_TICKS,
  RESPAWN_TICKS,
  TURN,
  type View,
} from "../sim/index.ts";
import { COUNTER_MAX, type InputFrame, type SeatReport, SNAPSHOT_BOATS_MAX } from "./index.ts";

/** Records as the codecs make them: with the ordinary prototype. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const upTo = (max: number) => fc.integer({ min: 0, max });
const around = (max: number) => fc.integer({ min: -max, max });
const place = { x: upTo(BASIN.width), y: upTo(BASIN.height) };
const id = fc.oneof(upTo(COUNTER_MAX), upTo(200));
const index = upTo(SNAPSHOT_BOATS_MAX - 1);
const ballSpeed = around(MUZZLE_SPEED_UNITS_PER_TICK + MAX_SPEED_UNITS_PER_TICK);

const boatStates: fc.Arbitrary<BoatState> = record({
  ...place,
  vx: around(MAX_SPEED_UNITS_PER_TICK),
  vy: around(MAX_SPEED_UNITS_PER_TICK),
  heading: upTo(TURN - 1),
  turnRate: around(MAX_TURN_RATE_PER_TICK),
  aim: upTo(AIM_STEPS - 1),
  hull: upTo(HULL_FULL),
  reload: upTo(RELOAD_TICKS),
  pearls: id,
  score: id,
  sinkings: id,
  losses: id,
  respawnIn: upTo(RESPAWN_TICKS),
  protectedFor: upTo(PROTECTED_TICKS),
});

const pearls: fc.Arbitrary<Pearl> = record({ id, ...place });

export const views: fc.Arbitrary<View> = record({
  tick: upTo(COUNTER_MAX),
  seed: upTo(0xffffffff),
  waters: fc.constant("basin" as const),
  phase: fc.constantFrom("playing" as const, "podium" as const),
  phaseEndsAtTick: upTo(COUNTER_MAX),
  round: id,
  boats: fc.array(fc.option(boatStates), { maxLength: 40 }),
  pearls: fc.array(pearls, { maxLength: 60 }),
});

/** A view and a younger one that shares much with it: as a base and its successor do, with any number of ticks between. */
export const viewPairs: fc.Arbitrary<[View, View]> = fc
  .tuple(views, views, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), fc.oneof(fc.constant(1), upTo(5000)))
  .map(([base, other, keeps, ticks]) => {
    const tick = Math.min(base.tick + ticks, COUNTER_MAX);
    const boats = other.boats.map((boat, at) => (keeps[at] ? (base.boats[at] ?? null) : boat));
    const kept = base.pearls.filter((_, at) => keeps[at]);
    return [base, { ...other, tick, boats, pearls: [...kept, ...other.pearls] }];
  });

export const gameEvents: fc.Arbitrary<GameEvent> = fc.oneof(
  record({ type: fc.constant("shot" as const), ball: id, boat: index, ...place, vx: ballSpeed, vy: ballSpeed }),
  record({ type: fc.constant("hit" as const), ball: id, boat: index, by: index, damage: upTo(HULL_FULL) }),
  record({ type: fc.constant("bounce" as const), boat: index, ...place, strength: upTo(2048) }),
  record({ type: fc.constant("sunk" as const), boat: index, by: index }),
  record({ type: fc.constant("respawn" as const), boat: index }),
  record({ type: fc.constant("pearl-spawn" as const), pearl: id, ...place }),
  record({ type: fc.constant("pearl-taken" as const), pearl: id, boat: index }),
  record({ type: fc.constant("pearl-gone" as const), pearl: id }),
  record({ type: fc.constant("round-start" as const), round: id }),
  record({ type: fc.constant("round-end" as const), round: id }),
);

export const seatReports: fc.Arbitrary<SeatReport> = record({
  seat: index,
  number: id,
  applied: id,
  marginTicks: around(1000),
});

export const inputFrames: fc.Arbitrary<InputFrame> = record({
  number: fc.integer({ min: 1, max: COUNTER_MAX }),
  tick: id,
  controls: record({
    throttle: around(CONTROL_STEPS),
    rudder: around(CONTROL_STEPS),
    aim: upTo(AIM_STEPS - 1),
    fire: fc.boolean(),
    lagTicks: upTo(MAX_REWIND_TICKS),
  }),
});
