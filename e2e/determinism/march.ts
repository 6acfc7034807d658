// A long march of a world with a crew that comes and goes and steers wildly, all from one seed: the same everywhere, or something is not
// deterministic. Runs under Node and in a page.

import { replay } from "../../game/recording/replay.ts";
import {
  AIM_STEPS,
  addBoat,
  botControls,
  CONTROL_STEPS,
  type Controls,
  createWorld,
  hashWorld,
  MAX_REWIND_TICKS,
  removeBoat,
  step,
  surroundingsOf,
  type WatersKind,
} from "../../game/sim/index.ts";

const HASH_EVERY_TICKS = 1_000;
/** Of 256: how likely a seat's crew changes in a tick, and its hand on the helm. */
const CREW_CHANCE = 1;
const HELM_CHANCE = 40;

/** Hashes of the world each HASH_EVERY_TICKS. */
export function march(seed: number, ticks: number, waters: WatersKind = "basin"): number[] {
  const world = createWorld(seed, waters);
  const next = lottery(seed);
  const held: (Controls | undefined)[] = [];
  const hashes: number[] = [];
  while (world.tick < ticks) {
    for (let index = 0; index < world.boats.length; index++) {
      if (next(256) >= CREW_CHANCE) continue;
      if (world.boats[index]) removeBoat(world, index);
      else addBoat(world, index, { bot: next(3) === 0 });
      held[index] = undefined;
    }
    for (let index = 0; index < world.boats.length; index++) if (next(256) < HELM_CHANCE) held[index] = controls(next);
    const around = surroundingsOf(world);
    step(
      world,
      world.boats.map((boat, index) => (boat?.bot ? botControls(world, index, around) : held[index])),
    );
    if (world.tick % HASH_EVERY_TICKS === 0) hashes.push(hashWorld(world));
  }
  return hashes;
}

/** What a replay ends in, and where it went another way. */
export function replayed(text: string): {
  tick: number;
  hash: number;
  compared: number;
  divergedAtTick: number | undefined;
} {
  const { tick, hash, compared, divergedAtTick } = replay(text);
  return { tick, hash, compared, divergedAtTick };
}

function controls(next: (below: number) => number): Controls {
  const steps = () => next(2 * CONTROL_STEPS + 1) - CONTROL_STEPS;
  return {
    throttle: steps(),
    rudder: steps(),
    aim: next(AIM_STEPS),
    fire: next(2) === 0,
    lagTicks: next(MAX_REWIND_TICKS + 1),
  };
}

/** Whole numbers only, with no help of the simulation's own generator. */
function lottery(seed: number): (below: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}
