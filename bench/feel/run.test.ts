import { expect, test } from "vitest";
import { answerFrames } from "./answer.ts";
import { figuresOf } from "./report.ts";
import { play } from "./run.ts";

const GAME = { seed: 5, seconds: 10, players: 3 };
const USUAL = { rttMs: 150, jitterMs: 20 };

test("a game has the same figures each time it is played from the same seed", async () => {
  const [one, two] = [await play(GAME, USUAL), await play(GAME, USUAL)];
  expect(one).toEqual(two);
  expect(one.corrections.length).toBeGreaterThan(3 * 10 * 20);
  expect(one.shots.length).toBeGreaterThan(0);
  expect(await play({ ...GAME, seed: 6 }, USUAL)).not.toEqual(one);
});

test("what is turned off shows in the figures", async () => {
  const whole = figuresOf(USUAL, "", await play(GAME, USUAL), 0);
  const late = figuresOf(USUAL, "pacing", await play(GAME, USUAL, { pacing: false }), 0);
  const unsteady = figuresOf(USUAL, "interpolation", await play(GAME, USUAL, { interpolation: false }), 0);
  expect(whole.lateShare).toBeLessThan(0.05);
  expect(late.lateShare).toBeGreaterThan(0.5);
  expect(unsteady.otherLeapsPerMinute).toBeGreaterThan(10 * whole.otherLeapsPerMinute);
  expect(whole.calmCorrectionPx.p99).toBeLessThan(1);
});

test("the own boat answers in the same frame, and after the round trip if it is not predicted", async () => {
  expect(await answerFrames(USUAL)).toBe(0);
  const unpredicted = await answerFrames(USUAL, { prediction: false });
  expect(unpredicted).toBeGreaterThanOrEqual(150 / (1000 / 60));
  expect(unpredicted).toBeLessThan(60);
});
