import { expect, test } from "vitest";
import { INPUT_HEARTBEAT_TICKS } from "../../game/protocol/index.ts";
import { TICK_MS } from "../../game/sim/index.ts";
import type { PlayerControls } from "./game-session.ts";
import type { RenderState } from "./render-state.ts";
import { quantile } from "./samples.ts";
import { Session } from "./session.ts";
import { EPOCH_BACK_MS } from "./snapshot-buffer.ts";
import { type NetworkOptions, SimulatedServer } from "./testing/simulated-server.ts";
import { seededRandom, VirtualTime } from "./testing/virtual-time.ts";

const FRAME_MS = 1000 / 60;

interface Setup {
  time: VirtualTime;
  server: SimulatedServer;
  session: Session;
  frames: RenderState[];
  stopDrawing: () => void;
}

function play(network: NetworkOptions, options: { bots?: number; seed?: number } = {}): Setup {
  const time = new VirtualTime();
  const server = new SimulatedServer(time, network, options);
  const session = new Session({
    dial: server.dial,
    clock: time,
    random: seededRandom(5),
    request: { name: "Ada" },
    build: "test",
  });
  const frames: RenderState[] = [];
  const stopDrawing = time.every(FRAME_MS, () => {
    const state = session.frame(time.now());
    if (state) frames.push(structuredClone(state));
  });
  session.open();
  return { time, server, session, frames, stopDrawing };
}

/** Steers in a way that changes every few ticks. */
function steer(time: VirtualTime, session: Session, seed = 3): () => void {
  const random = seededRandom(seed);
  return time.every(170, () => session.setControls(wild(random)));
}

function wild(random: () => number): PlayerControls {
  return { throttle: random() * 2 - 0.6, rudder: random() * 2 - 1, aim: random() * 7, fire: random() < 0.3 };
}

test.each([0, 80, 150, 250])("alone at %i ms round trip, the prediction is exact once inputs come in time", (rttMs) => {
  const { time, session } = play({ rttMs });
  steer(time, session);
  time.advance(4_000);
  const before = session.stats().snapshots;
  time.advance(10_000);
  const stats = session.stats();
  expect(stats.snapshots - before).toBeGreaterThanOrEqual(298);
  expect(quantile(stats.correctionsPx, 0.99)).toBe(0);
  expect(stats.marginTicks).toBeGreaterThanOrEqual(0);
  expect(stats.marginTicks).toBeLessThanOrEqual(3);
  expect(stats.inputs).toMatchObject({ lost: 0, doubled: 0 });
});

test("with 40 ms jitter others are drawn smoothly and never back in time", () => {
  const { time, session, frames, server } = play({ rttMs: 60, jitterMs: 40, random: seededRandom(11) }, { bots: 6 });
  steer(time, session);
  time.advance(3_000);
  frames.length = 0;
  time.advance(8_000);
  expect(session.stats().interpolationDelayMs).toBeLessThanOrEqual(250);
  expect(session.stats().interpolationDelayMs).toBeGreaterThan(60);
  // No boat moves further between two frames than the fastest one can, with the clock's slack.
  const fastestPx = (8 / TICK_MS) * FRAME_MS * 1.25 + 0.5;
  let farthestPx = 0;
  for (const [at, frame] of frames.entries()) {
    for (const boat of frame.boats) {
      const before = frames[at - 1]?.boats.find((other) => other.seat === boat.seat);
      if (!before || boat.own || !before.afloat || !boat.afloat) continue;
      if (frame.events.some((event) => event.type === "respawn" && event.seat === boat.seat)) continue;
      farthestPx = Math.max(farthestPx, Math.hypot(boat.xPx - before.xPx, boat.yPx - before.yPx));
    }
  }
  expect(farthestPx).toBeGreaterThan(0);
  expect(farthestPx).toBeLessThanOrEqual(fastestPx);
  expect(server.world.tick).toBeGreaterThan(300);
});

test("a click that is shorter than a tick fires one shot, at once on the own screen and once on the server", () => {
  const { time, server, session, frames } = play({ rttMs: 150 });
  time.advance(2_000);
  session.setControls({ throttle: 0, rudder: 0, aim: 1, fire: true });
  session.setControls({ throttle: 0, rudder: 0, aim: 1, fire: false });
  const tick = server.world.tick;
  frames.length = 0;
  time.advance(2 * TICK_MS + FRAME_MS);
  expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "shot")).toHaveLength(1);
  expect(server.world.nextBallId).toBe(1);
  time.advance(1_500);
  expect(server.world.nextBallId).toBe(2);
  expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "shot")).toHaveLength(1);
  expect(frames.flatMap((frame) => frame.events).filter((event) => event.type === "splash").length).toBeLessThanOrEqual(
    1,
  );
  expect(new Set(frames.flatMap((frame) => frame.balls.map((ball) => ball.id))).size).toBe(1);
  expect(server.world.tick).toBeGreaterThan(tick);
});

test("nothing changed is said once in a heartbeat, a change in the tick it is made", () => {
  const { time, server, session } = play({ rttMs: 40 });
  time.advance(2_000);
  const { log } = server.seats[0]!;
  const before = log.length;
  time.advance(3_000);
  const quiet = log.slice(before);
  expect(quiet.length).toBeLessThanOrEqual(90 / INPUT_HEARTBEAT_TICKS + 1);
  expect(quiet.length).toBeGreaterThanOrEqual(90 / INPUT_HEARTBEAT_TICKS - 1);
  session.setControls({ throttle: 1, rudder: -1, aim: 0, fire: false });
  const changedAt = log.length;
  time.advance(2 * TICK_MS + 40);
  expect(log[changedAt]?.controls).toMatchObject({ throttle: 7, rudder: -7 });
});

test("at most one input goes out for a tick however often the controls change", () => {
  const { time, server, session } = play({ rttMs: 40 });
  const random = seededRandom(1);
  time.advance(1_000);
  time.every(4, () => session.setControls(wild(random)));
  time.advance(5_000);
  const ticks = server.seats[0]!.log.map((frame) => frame.tick);
  expect(new Set(ticks).size).toBe(ticks.length);
  expect(ticks.length).toBeLessThanOrEqual(30 * 6 + 2);
});

test("a gap in the snapshots asks for a keyframe once and goes on with it", () => {
  const { time, server, session } = play({ rttMs: 100 });
  time.advance(2_100);
  server.dropsFrames = true;
  time.advance(70);
  server.dropsFrames = false;
  const { snapshots } = session.stats();
  time.advance(600);
  expect(server.keyframesAsked).toHaveLength(1);
  expect(session.stats().snapshots).toBeGreaterThan(snapshots + 10);
});

test("a hidden tab comes back to the newest state, without the events that it missed", () => {
  const { time, session, frames, stopDrawing, server } = play({ rttMs: 50 }, { bots: 12 });
  time.advance(2_000);
  stopDrawing();
  time.advance(40_000);
  expect(server.world.nextBallId).toBeGreaterThan(5);
  frames.length = 0;
  const first = structuredClone(session.frame(time.now())!);
  expect(first.events).toEqual([]);
  const bot = first.boats.find((boat) => !boat.own && boat.afloat)!;
  const truth = server.world.boats[bot.seat]!;
  expect(Math.hypot(bot.xPx - truth.x / 64, bot.yPx - truth.y / 64)).toBeLessThan(60);
});

test("a tab that was frozen takes in the whole backlog and is where the server is", () => {
  const { time, session, server } = play({ rttMs: 50 }, { bots: 6 });
  steer(time, session);
  time.advance(2_000);
  server.stall(5_000);
  time.advance(4_900);
  time.advance(1_500);
  const state = session.frame(time.now())!;
  const own = state.boats.find((boat) => boat.own)!;
  const truth = server.world.boats[0]!;
  expect(Math.hypot(own.xPx - truth.x / 64, own.yPx - truth.y / 64)).toBeLessThan(80);
  expect(session.stats().leadTicks).toBeLessThan(12);
  expect(session.stats().disconnects).toBe(0);
});

test("a lost wire is replaced, the seat resumed, and what was lost on the way is counted", () => {
  const { time, session, server } = play({ rttMs: 60 });
  const states: string[] = [];
  session.subscribe({ state: (state) => states.push(state.name) });
  steer(time, session);
  time.advance(3_000);
  server.cut();
  time.advance(4_000);
  expect(states).toEqual(["playing", "reconnecting", "reconnecting", "playing"]);
  const { inputs, disconnects } = session.stats();
  expect(disconnects).toBe(1);
  expect(inputs.doubled).toBe(0);
  session.stopInputs();
  time.advance(2_000);
  const counts = session.stats().inputs;
  expect(counts.acked + counts.lost).toBe(counts.sent);
  expect(counts.acked).toBe(server.seats[0]!.log.length);
});

test("a wire that is replaced soon brings what was lost on the way again; after a long time it is lost", () => {
  const outcomes = [300, 6_000].map((downMs) => {
    const { time, session, server } = play({ rttMs: 300 });
    steer(time, session);
    time.advance(3_000);
    server.refuseWith = "draining";
    server.cutFirst();
    time.after(downMs, () => {
      server.refuseWith = undefined;
    });
    time.advance(downMs + 8_000);
    session.stopInputs();
    time.advance(2_000);
    const { inputs, disconnects } = session.stats();
    expect(disconnects).toBe(1);
    expect(inputs.doubled).toBe(0);
    expect(inputs.acked + inputs.lost).toBe(inputs.sent);
    expect(inputs.acked).toBe(server.seats[0]!.log.length);
    return inputs.lost;
  });
  expect(outcomes[0]).toBe(0);
  expect(outcomes[1]).toBeGreaterThan(0);
});

test("a seat in a room that began again in an earlier epoch is played at once", () => {
  const { time, session, server } = play({ rttMs: 60 });
  time.advance(2_000);
  server.epoch = 9;
  server.takeOver();
  time.advance(1_000);
  server.epoch = 1;
  server.world.tick = 50;
  server.cut();
  time.advance(2_000);
  const { snapshots } = session.stats();
  time.advance(1_000);
  expect(session.stats().snapshots - snapshots).toBeGreaterThan(25);
  expect(session.stats().leadTicks).toBeLessThan(9);
});

test("a room whose owner is of an earlier epoch, and stays, is played on after a while without another wire", () => {
  const { time, session, server } = play({ rttMs: 60 });
  time.advance(2_000);
  server.epoch = 9;
  server.takeOver();
  time.advance(1_000);
  const checkpoint = structuredClone(server.world);
  server.epoch = 1;
  server.takeOver({ ...checkpoint, tick: 20 });
  time.advance(EPOCH_BACK_MS + 1_000);
  const { snapshots } = session.stats();
  time.advance(1_000);
  expect(session.stats().snapshots - snapshots).toBeGreaterThan(25);
  expect(session.stats().disconnects).toBe(0);
});

test("a room that stood still and goes on under a new owner is played on within a second", () => {
  const { time, session, server } = play({ rttMs: 60 });
  steer(time, session);
  time.advance(3_000);
  server.isPaused = true;
  time.advance(2_000);
  expect(session.stats().leadTicks).toBeLessThanOrEqual(16);
  server.takeOver();
  time.advance(1_000);
  const before = session.stats().correctionsPx.length;
  expect(before).toBeGreaterThan(0);
  time.advance(3_000);
  const stats = session.stats();
  expect(stats.leadTicks).toBeLessThan(9);
  expect(quantile(stats.correctionsPx.slice(-60), 0.99)).toBe(0);
  expect(stats.disconnects).toBe(0);
  expect(stats.inputs).toMatchObject({ lost: 0, doubled: 0 });
});

test("a room that goes on from a checkpoint obeys the helm at once, not when the lost ticks have come again", () => {
  const { time, session, server } = play({ rttMs: 60 });
  steer(time, session);
  time.advance(3_000);
  const checkpoint = structuredClone(server.world);
  time.advance(750);
  server.isPaused = true;
  time.advance(1_500);
  server.takeOver(checkpoint);
  const before = server.seats[0]!.log.length;
  time.advance(300);
  const inputs = server.seats[0]!.log.slice(before);
  expect(inputs.length).toBeGreaterThan(0);
  expect(inputs[0]!.tick).toBeLessThan(checkpoint.tick + 10);
  expect(session.stats().leadTicks).toBeLessThan(9);
});

test("frames of a former owner that come late are ignored", () => {
  const { time, session, server } = play({ rttMs: 60 });
  time.advance(2_000);
  server.takeOver();
  time.advance(500);
  const { snapshots } = session.stats();
  server.epoch -= 1;
  time.advance(500);
  expect(session.stats().snapshots - snapshots).toBeLessThanOrEqual(3);
});

test("a refusal for good ends the session with its reason, and frames go on from what is known", () => {
  const { time, session, server } = play({ rttMs: 60 });
  time.advance(2_000);
  server.closeAll("superseded");
  time.advance(1_000);
  expect(session.state).toMatchObject({ name: "closed", refusal: { code: "superseded" } });
  expect(session.frame(time.now())?.boats).toHaveLength(1);
});
