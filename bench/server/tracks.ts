// A fight on record: what the bots of a full room steered, tick by tick, to be played by players again and again. In another world they
// run aground and miss more often; they turn and shoot as much. Pure.
import { addBoat, botControls, type Controls, createWorld, MAX_BOATS, step } from "../../game/sim/index.ts";

const SEED = 1;
/** Fifty seconds: bots begin with a peaceful one. */
const RECORDED_TICKS = 1_500;
const AIM_MASK = 0xff;

/** Controls of each seat in each tick. */
export type Tracks = readonly (readonly Controls[])[];

/** The bots' hands tremble, so that every input says something new. */
export function recordTracks(): Tracks {
  const world = createWorld(SEED);
  for (let seat = 0; seat < MAX_BOATS; seat++) addBoat(world, seat, { bot: true });
  let before: readonly Controls[] = [];
  return Array.from({ length: RECORDED_TICKS }, () => {
    const steady = world.boats.map((_, seat) => botControls(world, seat));
    step(world, steady);
    before = steady.map((controls, seat) => ({ ...controls, aim: trembling(controls.aim, before[seat]?.aim) }));
    return before;
  });
}

const trembling = (aim: number, before: number | undefined): number => (aim === before ? (aim + 1) & AIM_MASK : aim);

/** What a player does at its `count`-th input. */
export function playBack(tracks: Tracks, seat: number, count: number): Controls {
  return tracks[count % tracks.length]![seat % MAX_BOATS]!;
}
