// Prints what snapshots cost: `npx tsx game/protocol/test-wire-cost.ts`. The figures in docs/protocol.md are from here.

import { botControls } from "../sim/bot-controls.ts";
import { type Controls, MAX_BOATS, step, TICK_RATE, type View, viewOf, type World } from "../sim/index.ts";
import { encodeSnapshot, KEYFRAME_INTERVAL_TICKS, REPORT_INTERVAL_TICKS } from "./index.ts";
import { fightWorld } from "./test-fights.ts";

const SECONDS = 200;

/** Bots as they are, and bots whose guns never rest, as people's do. */
const FIGHTS: Record<string, (world: World, index: number) => Controls> = {
  "32 bots": botControls,
  "32 bots with restless guns": (world, index) => {
    const swing = Math.round(100 * Math.sin(world.tick / 17 + index) + 6 * Math.sin(world.tick * 1.7 + index));
    return { ...botControls(world, index), aim: (128 + swing) & 255, fire: true };
  },
};

for (const [name, controlsOf] of Object.entries(FIGHTS)) {
  const world = fightWorld(5, MAX_BOATS);
  const deltas: number[] = [];
  const keyframes: number[] = [];
  const seconds: number[] = new Array(SECONDS).fill(0);
  let encodeMs = 0;
  let base: View | undefined;
  for (let tick = 0; tick < SECONDS * TICK_RATE; tick++) {
    const controls = world.boats.map((_, index) => controlsOf(world, index));
    const events = step(world, controls);
    const view = viewOf(world);
    const isKeyframe = tick % KEYFRAME_INTERVAL_TICKS === 0;
    const reports = world.boats.flatMap((_, seat) =>
      (tick + seat) % REPORT_INTERVAL_TICKS === 0
        ? [{ seat, number: 1000 + tick, applied: 1000 + tick, marginTicks: 2 }]
        : [],
    );
    const startMs = performance.now();
    const bytes = encodeSnapshot({
      epoch: 3,
      rosterVersion: 40,
      base: isKeyframe ? undefined : base,
      view,
      events,
      reports,
    });
    encodeMs += performance.now() - startMs;
    (isKeyframe ? keyframes : deltas).push(bytes.length);
    seconds[Math.floor(tick / TICK_RATE)]! += bytes.length;
    base = view;
  }
  console.log(
    `${name}: ${mean(seconds)} bytes a second (worst ${Math.max(...seconds)}), delta ${mean(deltas)}, keyframe ${mean(keyframes)},`,
    `${(encodeMs / seconds.length / TICK_RATE).toFixed(3)} ms to encode one`,
  );
}

function mean(numbers: number[]): number {
  return Math.round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}
