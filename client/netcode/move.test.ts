// A game that is moved to another link, as its player feels it: nothing.

import { expect, test } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { LINGER_MS } from "../net/mover.ts";
import type { RenderState } from "./render-state.ts";
import { quantile } from "./samples.ts";
import { Session } from "./session.ts";
import { SimulatedServer } from "./testing/simulated-server.ts";
import { seededRandom, VirtualTime } from "./testing/virtual-time.ts";

const FRAME_MS = 1000 / 60;
/** Time after which everything has found its pace. */
const SETTLED_MS = 4_000;

function play(rttMs: number, { jitterMs = 0 } = {}) {
  const time = new VirtualTime();
  const network = (ms: number) => ({ rttMs: ms, jitterMs, random: seededRandom(ms + 1) });
  const server = new SimulatedServer(time, network(rttMs));
  const session = new Session({
    dial: server.dial,
    clock: time,
    random: seededRandom(5),
    request: { name: "Ada" },
    build: "test",
  });
  const states: string[] = [];
  const frames: RenderState[] = [];
  time.every(FRAME_MS, () => {
    const state = session.frame(time.now());
    if (state) frames.push(structuredClone(state));
  });
  session.open();
  time.advance(SETTLED_MS);
  session.subscribe({ state: (state) => states.push(state.name), welcome: () => states.push("welcome") });
  return { time, server, session, states, frames, move: (ms: number) => server.move("s2", network(ms)) };
}

/** Steers in a way that changes every few ticks. */
function steer(time: VirtualTime, session: Session): void {
  const random = seededRandom(3);
  time.every(170, () =>
    session.setControls({
      throttle: random() * 2 - 0.6,
      rudder: random() * 2 - 1,
      aim: random() * 7,
      fire: random() < 0.3,
    }),
  );
}

/** Every input that was sent is taken, once and in order. */
function expectEveryInput({ time, server, session }: ReturnType<typeof play>): void {
  session.stopInputs();
  time.advance(2_000);
  const { inputs } = session.stats();
  expect(inputs).toEqual({ sent: inputs.sent, acked: inputs.sent, lost: 0, doubled: 0 });
  expect(server.seats[0]!.log.map((input) => input.number)).toEqual(
    Array.from({ length: inputs.sent }, (_, at) => at + 1),
  );
}

test.each([
  [40, 40],
  [40, 0],
  [150, 20],
  [20, 60],
  [20, 110],
  [80, 180],
  [20, 250],
])("from %i ms to %i ms round trip: no state, no correction, no input lost or late", (beforeMs, afterMs) => {
  const game = play(beforeMs);
  const { time, server, session, states } = game;
  steer(time, session);
  time.advance(6_000);
  const { length } = server.seats[0]!.log;
  const before = session.stats();
  expect(quantile(before.correctionsPx, 0.99)).toBe(0);
  game.move(afterMs);
  time.advance(1_500);
  expect(session.path?.gateway.id).toBe("s2");
  expect(server.wires).toBe(1);
  const stats = session.stats();
  expect(stats).toMatchObject({ moves: 1, disconnects: 0 });
  expect(stats.correctionsPx.slice(-45).every((px) => px === 0)).toBe(true);
  expect(Math.max(...stats.gapsMs.slice(-45))).toBeLessThanOrEqual(TICK_MS + Math.max(0, afterMs - beforeMs) / 2 + 1);
  expect(stats.rttMs).toBeCloseTo(afterMs, 0);
  expect(server.keyframesAsked).toEqual([]);
  time.advance(4_000);
  expect(quantile(session.stats().correctionsPx, 0.99)).toBe(0);
  expect(session.stats().marginTicks).toBeGreaterThanOrEqual(0);
  expect(session.stats().marginTicks).toBeLessThanOrEqual(3);
  expect(server.seats[0]!.log.length).toBeGreaterThan(length);
  expect(states).toEqual([]);
  expectEveryInput(game);
});

test("on an uneven way, a move shows no more than play does", () => {
  const game = play(60, { jitterMs: 30 });
  const { time, session } = game;
  steer(time, session);
  time.advance(10_000);
  const usual = session.stats();
  game.move(90);
  time.advance(4_000);
  const stats = session.stats();
  expect(stats.moves).toBe(1);
  expect(quantile(stats.correctionsPx.slice(-110), 1)).toBeLessThanOrEqual(quantile(usual.correctionsPx, 1) + 2);
  expect(quantile(stats.gapsMs.slice(-110), 1)).toBeLessThan(TICK_MS + 30 + 15 + 1);
  expectEveryInput(game);
});

test("a key that is held stays held, and the drawn boat makes no jump", () => {
  const { time, server, session, frames, move } = play(50);
  session.setControls({ throttle: 1, rudder: 0.2, aim: 0, fire: false });
  time.advance(3_000);
  const before = server.seats[0]!.log.length;
  frames.length = 0;
  move(90);
  time.advance(2_000);
  const said = server.seats[0]!.log.slice(before);
  expect(said.length).toBeGreaterThan(5);
  expect(said.every(({ controls }) => controls.throttle === 7 && controls.rudder === 1)).toBe(true);
  const fastestPx = (8 / TICK_MS) * FRAME_MS * 1.25 + 0.5;
  const own = frames.map((frame) => frame.boats.find((boat) => boat.own)!);
  for (const [at, boat] of own.entries()) {
    const last = own[at - 1] ?? boat;
    expect(Math.hypot(boat.xPx - last.xPx, boat.yPx - last.yPx)).toBeLessThanOrEqual(fastestPx);
  }
});

test.each(Array.from({ length: 12 }, (_, step) => 30 * step))(
  "a click %i ms after the offer fires one shot, here and there",
  (delayMs) => {
    const { time, server, session, frames, move } = play(70);
    frames.length = 0;
    move(70);
    time.advance(delayMs);
    session.setControls({ throttle: 0, rudder: 0, aim: 1, fire: true });
    session.setControls({ throttle: 0, rudder: 0, aim: 1, fire: false });
    time.advance(2_000);
    expect(session.stats().moves).toBe(1);
    expect(server.world.nextBallId).toBe(2);
    expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "shot")).toHaveLength(1);
  },
);

test.each(Array.from({ length: 11 }, (_, step) => 50 * step))(
  "a room that is handed over %i ms after the offer is no restart",
  (delayMs) => {
    const game = play(60);
    const { time, server, session, states } = game;
    steer(time, session);
    time.advance(4_000);
    const { leadTicks } = session.stats();
    game.move(100);
    time.advance(delayMs);
    server.takeOver();
    time.advance(1_500);
    const stats = session.stats();
    expect(stats.moves).toBe(1);
    expect(stats.correctionsPx.slice(-45).every((px) => px === 0)).toBe(true);
    expect(Math.max(...stats.gapsMs.slice(-45))).toBeLessThanOrEqual(TICK_MS + 20 + 1);
    expect(stats.leadTicks).toBeLessThan(leadTicks + 4);
    expect(server.keyframesAsked).toEqual([]);
    expect(states).toEqual([]);
    expectEveryInput(game);
  },
);

test("a room that is handed over while its players stay is no restart either", () => {
  const game = play(60);
  const { time, server, session } = game;
  steer(time, session);
  time.advance(6_000);
  const { leadTicks } = session.stats();
  server.takeOver();
  for (let tick = 0; tick < 60; tick++) {
    time.advance(TICK_MS);
    expect(Math.abs(session.stats().leadTicks - leadTicks)).toBeLessThanOrEqual(1);
  }
  expect(
    session
      .stats()
      .correctionsPx.slice(-60)
      .every((px) => px === 0),
  ).toBe(true);
  expectEveryInput(game);
});

test.each([60, 12, 3])("whoever is sunk, and back in %i ticks, moves as well", (respawnIn) => {
  const game = play(60);
  const { time, server, session, frames } = game;
  const boat = server.world.boats[0]!;
  Object.assign(boat, { hull: 0, respawnIn, losses: 1 });
  game.move(60);
  time.advance(3_000);
  expect(session.stats().moves).toBe(1);
  expect(frames.at(-1)!.boats.find((other) => other.own)?.afloat).toBe(true);
  expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "respawn")).toHaveLength(1);
  expectEveryInput(game);
});

test("the podium is not disturbed: one round ends, one begins", () => {
  const game = play(60);
  const { time, server, session, frames } = game;
  server.world.phaseEndsAtTick = server.world.tick + 5;
  frames.length = 0;
  time.advance(150);
  game.move(60);
  time.advance(3_000);
  expect(session.stats().moves).toBe(1);
  expect(frames.at(-1)!.phase).toBe("podium");
  expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "round-end")).toHaveLength(1);
  expectEveryInput(game);
});

test("a second offer after the first moves on to the next server", () => {
  const game = play(40);
  const { time, server, session } = game;
  steer(time, session);
  game.move(60);
  time.advance(LINGER_MS + 400);
  server.move("s3", { rttMs: 50 });
  time.advance(2_000);
  expect(session.path?.gateway.id).toBe("s3");
  expect(session.stats().moves).toBe(2);
  expect(session.stats().marks.map(({ text }) => text)).toEqual([
    "moved to s2",
    "room on s2",
    "moved to s3",
    "room on s3",
  ]);
  expectEveryInput(game);
});

test.each(Array.from({ length: 26 }, (_, step) => 100 + 20 * step))(
  "an old link that is cut %i ms after the offer takes nothing with it",
  (delayMs) => {
    const game = play(60);
    const { time, server, session, states } = game;
    steer(time, session);
    time.advance(2_000);
    game.move(80);
    time.advance(delayMs);
    server.cutFirst();
    time.advance(3_000);
    expect(server.wires).toBe(1);
    expect(session.state.name).toBe("playing");
    expect(states.filter((name) => name === "welcome").length).toBe(session.stats().disconnects);
    expectEveryInput(game);
  },
);
