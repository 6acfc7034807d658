import { expect, test } from "vitest";
import type { PlayerControls } from "./game-session.ts";
import { type Lessons, NORMAL } from "./lessons.ts";
import type { RenderBoat, RenderState } from "./render-state.ts";
import { Session } from "./session.ts";
import { type NetworkOptions, SimulatedServer } from "./testing/simulated-server.ts";
import { seededRandom, VirtualTime } from "./testing/virtual-time.ts";

const FRAME_MS = 1000 / 60;
const STILL: PlayerControls = { throttle: 0, rudder: 0, aim: 0, fire: false };
const AHEAD: PlayerControls = { ...STILL, throttle: 1 };

interface Frame {
  atMs: number;
  state: RenderState;
}

interface Game {
  time: VirtualTime;
  server: SimulatedServer;
  session: Session;
  lessons: Lessons;
  frames: Frame[];
}

/** A game that has run for three seconds with everything normal. */
function play(network: NetworkOptions, bots = 0): Game {
  const time = new VirtualTime();
  const server = new SimulatedServer(time, network, { bots });
  const lessons: Lessons = { ...NORMAL };
  const session = new Session({
    dial: server.dial,
    clock: time,
    random: seededRandom(5),
    request: { name: "Ada" },
    build: "test",
    lessons,
  });
  const frames: Frame[] = [];
  time.every(FRAME_MS, () => {
    const state = session.frame(time.now());
    if (state) frames.push({ atMs: time.now(), state: structuredClone(state) });
  });
  session.open();
  time.advance(3_000);
  return { time, server, session, lessons, frames };
}

function own(frame: Frame): RenderBoat {
  return frame.state.boats.find((boat) => boat.own)!;
}

function speedOf(boat: RenderBoat): number {
  return Math.hypot(boat.vxPxPerSecond, boat.vyPxPerSecond);
}

/** Time from a key to the first frame in which the own boat answers, milliseconds. */
function answerMs({ time, session, frames }: Game): number {
  session.setControls(STILL);
  time.advance(3_000);
  const drifting = speedOf(own(frames.at(-1)!));
  frames.length = 0;
  const pressedAtMs = time.now();
  session.setControls(AHEAD);
  time.advance(1_500);
  const answer = frames.find((frame) => Math.abs(speedOf(own(frame)) - drifting) > 4);
  return answer!.atMs - pressedAtMs;
}

/** What a key has done to the speed of the own boat before the server can have answered, px a second. */
function speedSoonAfterKey({ time, session, frames }: Game): number {
  session.setControls(STILL);
  time.advance(4_000);
  const drifting = speedOf(own(frames.at(-1)!));
  session.setControls(AHEAD);
  time.advance(130);
  return speedOf(own(frames.at(-1)!)) - drifting;
}

/** Share of the frames in which a boat that is under way has not moved. */
function standing(frames: readonly Frame[]): number {
  let still = 0;
  let moved = 0;
  for (const [at, { state }] of frames.entries()) {
    for (const boat of state.boats) {
      const before = frames[at - 1]?.state.boats.find(({ seat }) => seat === boat.seat);
      if (!before || boat.own || !boat.afloat || speedOf(boat) < 60) continue;
      if (before.xPx === boat.xPx && before.yPx === boat.yPx) still += 1;
      else moved += 1;
    }
  }
  return still / (still + moved);
}

test("with all as normal, a session with lessons draws exactly what one without them draws", () => {
  const [plain, taught] = [undefined, { ...NORMAL }].map((lessons) => {
    const time = new VirtualTime();
    const network = { rttMs: 150, jitterMs: 20, random: seededRandom(9) };
    const server = new SimulatedServer(time, network, { bots: 8 });
    const options = {
      dial: server.dial,
      clock: time,
      random: seededRandom(5),
      request: { name: "Ada" },
      build: "test",
    };
    const session = new Session(lessons ? { ...options, lessons } : options);
    const random = seededRandom(2);
    const frames: RenderState[] = [];
    time.every(170, () =>
      session.setControls({ throttle: random(), rudder: random() * 2 - 1, aim: random() * 6, fire: random() < 0.3 }),
    );
    time.every(FRAME_MS, () => {
      const state = session.frame(time.now());
      if (state) frames.push(structuredClone(state));
    });
    session.open();
    time.advance(8_000);
    return { frames, stats: session.stats() };
  });
  expect(plain!.frames.length).toBeGreaterThan(300);
  expect(taught).toEqual(plain);
});

test("with prediction the boat answers at once, without it after the round trip", () => {
  const game = play({ rttMs: 150 });
  expect(answerMs(game)).toBeLessThan(50);
  game.lessons.prediction = false;
  const withoutMs = answerMs(game);
  expect(withoutMs).toBeGreaterThan(150);
  expect(withoutMs).toBeLessThan(600);
  game.lessons.prediction = true;
  expect(answerMs(game)).toBeLessThan(50);
});

test("without prediction an own shot is seen when the server says so, and once", () => {
  const { time, session, lessons, frames } = play({ rttMs: 150 });
  lessons.prediction = false;
  time.advance(1_000);
  frames.length = 0;
  const pressedAtMs = time.now();
  session.setControls({ ...STILL, fire: true });
  session.setControls(STILL);
  time.advance(2_000);
  const shots = frames.flatMap(({ atMs, state }) =>
    state.events.filter((event) => event.type === "shot").map(() => atMs - pressedAtMs),
  );
  expect(shots).toHaveLength(1);
  expect(shots[0]).toBeGreaterThan(150);
});

test("without reconciliation a boat that the server has put elsewhere stays wrong; with it again it is right within a second", () => {
  const { time, server, lessons, frames } = play({ rttMs: 80 });
  lessons.reconciliation = false;
  lessons.ghost = true;
  time.advance(500);
  server.world.boats[0]!.x -= 60 * 64;
  time.advance(2_000);
  const apartPx = () => {
    const frame = frames.at(-1)!;
    const ghost = frame.state.ghosts.find((other) => other.own)!;
    return Math.hypot(own(frame).xPx - ghost.xPx, own(frame).yPx - ghost.yPx);
  };
  expect(apartPx()).toBeGreaterThan(40);
  lessons.reconciliation = true;
  time.advance(1_000);
  expect(apartPx()).toBeLessThan(10);
});

test("without smoothing a correction is there in one frame, with it in several", () => {
  const [jump, glide] = [false, true].map((smoothing) => {
    const { time, server, session, lessons, frames } = play({ rttMs: 80 });
    lessons.smoothing = smoothing;
    session.setControls(AHEAD);
    time.advance(1_000);
    frames.length = 0;
    server.world.boats[0]!.y += 50 * 64;
    time.advance(700);
    const places = frames.map(own);
    const steps = places.slice(1).map((boat, at) => Math.hypot(boat.xPx - places[at]!.xPx, boat.yPx - places[at]!.yPx));
    return Math.max(...steps);
  });
  expect(jump).toBeGreaterThan(40);
  expect(glide).toBeLessThan(25);
});

test("without interpolation others stand between two snapshots", () => {
  const { time, lessons, frames } = play({ rttMs: 40 }, 8);
  frames.length = 0;
  time.advance(3_000);
  expect(standing(frames)).toBeLessThan(0.02);
  lessons.interpolation = false;
  time.advance(500);
  frames.length = 0;
  time.advance(3_000);
  expect(standing(frames)).toBeGreaterThan(0.3);
});

test.each([
  ["none", 0],
  ["fixed", 100],
] as const)("with the delay %s others are drawn %i ms behind, whatever the jitter", (delay, delayMs) => {
  const { time, session, lessons } = play({ rttMs: 40, jitterMs: 40, random: seededRandom(3) }, 4);
  lessons.delay = delay;
  time.advance(2_000);
  expect(session.stats().interpolationDelayMs).toBeCloseTo(delayMs);
  lessons.delay = "adaptive";
  time.advance(2_000);
  expect(session.stats().interpolationDelayMs).toBeGreaterThan(60);
});

test("without rewind shots say nothing of how far in the past the others were seen", () => {
  const { time, server, session, lessons } = play({ rttMs: 100 }, 4);
  const lags = () => {
    const from = server.seats[0]!.log.length;
    session.setControls({ ...STILL, fire: true });
    time.advance(1_000);
    return server.seats[0]!.log.slice(from)
      .filter(({ controls }) => controls.fire)
      .map(({ controls }) => controls.lagTicks);
  };
  expect(Math.max(...lags())).toBeGreaterThan(2);
  lessons.rewind = false;
  time.advance(500);
  expect(Math.max(...lags())).toBe(0);
});

test("without deltas about every other snapshot is a keyframe, and no more are asked for than a server hears from one socket", () => {
  const { time, server, session, lessons } = play({ rttMs: 80 }, 6);
  const steps = seededRandom(4);
  time.every(33, () => session.setControls({ ...AHEAD, aim: steps() * 6 }));
  time.advance(1_000);
  const before = { keyframes: session.stats().keyframes, inputs: server.seats[0]!.log.length };
  lessons.deltas = false;
  time.advance(5_000);
  const asked = server.keyframesAsked.length / 5;
  const inputs = (server.seats[0]!.log.length - before.inputs) / 5;
  expect((session.stats().keyframes - before.keyframes) / 5).toBeGreaterThan(12);
  expect(asked + inputs + 1).toBeLessThan(58);
  lessons.deltas = true;
  time.advance(500);
  server.keyframesAsked.length = 0;
  time.advance(2_000);
  expect(server.keyframesAsked).toEqual([]);
});

test("without pacing inputs come late, and the boat answers late although it is predicted; with it again that is over in two seconds", () => {
  const game = play({ rttMs: 150 });
  const { time, session, lessons } = game;
  const early = speedSoonAfterKey(game);
  lessons.pacing = false;
  const late = speedSoonAfterKey(game);
  expect(session.stats().marginTicks).toBeLessThan(-2);
  expect(late).toBeLessThan(early / 3);
  lessons.pacing = true;
  time.advance(2_000);
  expect(session.stats().leadTicks).toBeLessThan(12);
  expect(speedSoonAfterKey(game)).toBeGreaterThan(early / 2);
});

test("the ghost is behind the own boat by what was sailed since, and its path leads there tick by tick", () => {
  const { time, session, lessons, frames } = play({ rttMs: 150 });
  session.setControls(AHEAD);
  time.advance(2_500);
  expect(frames.at(-1)!.state.ghosts).toEqual([]);
  lessons.ghost = true;
  time.advance(100);
  const { state } = frames.at(-1)!;
  const boat = state.boats.find((other) => other.own)!;
  const ghost = state.ghosts.find((other) => other.own)!;
  expect(ghost.aheadMs).toBeGreaterThan(150);
  expect(ghost.aheadMs).toBeLessThan(450);
  expect(ghost.path.length).toBe(Math.floor(ghost.aheadMs / (1000 / 30) + 1e-6));
  const apartPx = Math.hypot(boat.xPx - ghost.xPx, boat.yPx - ghost.yPx);
  expect(Math.abs(apartPx - speedOf(boat) * (ghost.aheadMs / 1000))).toBeLessThan(apartPx * 0.25 + 2);
});
