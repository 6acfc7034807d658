// Prints what snapshots cost: `npx tsx game/protocol/test-wire-cost.ts`. The figures in docs/protocol.md are from here.

import { botControls } from "../sim/bot-controls.ts";
import {
  ARENA,
  type Controls,
  MAX_BOATS,
  step,
  surroundingsOf,
  TICK_RATE,
  type View,
  viewOf,
  type World,
} from "../sim/index.ts";
import {
  AreaEncoder,
  type AreaProgress,
  encodeSnapshot,
  KEYFRAME_INTERVAL_TICKS,
  REPORT_INTERVAL_TICKS,
} from "./index.ts";
import { fightWorld, gather } from "./test-fights.ts";

const SECONDS = 200;
const ARENA_SECONDS = 10;

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

for (const [name, crowd] of [
  ["500 bots in an arena", 0],
  ["the same, 200 of them in one place", 200],
] as const) {
  const world = fightWorld(6, ARENA.seats, "arena");
  gather(world, 0, crowd, 6000, 4500);
  const encoder = new AreaEncoder(1);
  const bytes: number[] = new Array(ARENA.seats).fill(0);
  const progress: (AreaProgress | undefined)[] = [];
  const ms = { bots: 0, step: 0, view: 0, whole: 0, area: 0, frames: 0 };
  const timed = <Result>(part: keyof typeof ms, act: () => Result): Result => {
    const startMs = performance.now();
    const result = act();
    ms[part] += performance.now() - startMs;
    return result;
  };
  let base: View | undefined;
  for (let tick = 0; tick < ARENA_SECONDS * TICK_RATE; tick++) {
    const controls = timed("bots", () => {
      const around = surroundingsOf(world);
      return world.boats.map((_, index) => botControls(world, index, around));
    });
    const events = timed("step", () => step(world, controls));
    const view = timed("view", () => viewOf(world));
    const reports = world.boats.flatMap((_, seat) =>
      (tick + seat) % REPORT_INTERVAL_TICKS === 0
        ? [{ seat, number: 1000 + tick, applied: 1000 + tick, marginTicks: 2 }]
        : [],
    );
    const content = { epoch: 3, rosterVersion: 40, view, events, reports };
    timed("whole", () => encodeSnapshot({ ...content, base }));
    timed("area", () => encoder.advance(content));
    timed("frames", () => {
      for (let seat = 0; seat < ARENA.seats; seat++) {
        const frame = encoder.frameFor(seat, progress[seat]);
        if (progress[seat]) bytes[seat]! += frame.bytes.length;
        progress[seat] = frame.progress;
      }
    });
    base = view;
  }
  const ticks = ARENA_SECONDS * TICK_RATE;
  const parts = Object.entries(ms).map(([part, sumMs]) => `${part} ${(sumMs / ticks).toFixed(2)}`);
  console.log(
    `${name}: ${mean(bytes.map((sum) => sum / ARENA_SECONDS))} bytes a second for each, the most for anybody`,
    `${Math.round(Math.max(...bytes) / ARENA_SECONDS)}; ms a tick: ${parts.join(", ")} (all 500 frames)`,
  );
}

function mean(numbers: number[]): number {
  return Math.round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}
