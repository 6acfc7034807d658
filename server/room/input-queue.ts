// Inputs of one seat between their arrival and their tick: bounded, each number at most once. Plain data, so that a checkpoint
// carries it; knows no boat.

import { INPUT_AHEAD_MAX_TICKS, INPUT_QUEUE_MAX, type InputFrame } from "../../game/protocol/index.ts";
import type { Controls } from "../../game/sim/index.ts";

/** Numbers that were skipped and may still come (over another path); older ones are given up. */
export const MISSING_NUMBERS_MAX = 32;

export interface InputQueue {
  /** In the order of their labels. */
  waiting: InputFrame[];
  /** Highest number received. */
  received: number;
  /** Numbers below `received` that have not come, in order. */
  missing: number[];
  /** Highest number that is settled: applied, pushed out or refused. */
  settled: number;
  /** Number of the newest input that was applied: its controls hold until a newer one. */
  steering: number;
}

/** What is due at a tick. */
export interface DueInputs {
  controls: Controls;
  /** How many inputs the controls stand for. */
  count: number;
}

export type Arrival = "queued" | "duplicate" | "too-far-ahead" | "pushed-out";

export function createInputQueue(): InputQueue {
  return { waiting: [], received: 0, missing: [], settled: 0, steering: 0 };
}

/**
 * Takes an input in. "pushed-out" means that it was queued and the oldest one had to go; "too-far-ahead" ones count as received, so that
 * the loss shows in the seat's report.
 */
export function enqueueInput(queue: InputQueue, input: InputFrame, nextTick: number): Arrival {
  if (!noteNumber(queue, input.number)) return "duplicate";
  if (input.tick - nextTick > INPUT_AHEAD_MAX_TICKS) {
    queue.settled = Math.max(queue.settled, input.number);
    return "too-far-ahead";
  }
  let at = queue.waiting.length;
  while (at > 0 && isAfter(queue.waiting[at - 1]!, input)) at--;
  if (at === queue.waiting.length) queue.waiting.push(input);
  else queue.waiting.splice(at, 0, input);
  if (queue.waiting.length <= INPUT_QUEUE_MAX) return "queued";
  const oldest = queue.waiting.shift()!;
  queue.settled = Math.max(queue.settled, oldest.number);
  return "pushed-out";
}

/**
 * The controls for `tick`, where `held` are those until now. More than one input is due only after a delay: then the one with the highest
 * number steers, a shot asked for by any of them is still fired, and the queue is level again instead of staying late for ever. An input
 * that comes behind a newer one (over another path, or sent again) counts, and steers no more.
 */
export function takeDue(queue: InputQueue, tick: number, held: Controls): DueInputs | undefined {
  const { waiting } = queue;
  let count = 0;
  let newest = waiting[0];
  let fire = false;
  for (; count < waiting.length && waiting[count]!.tick <= tick; count++) {
    const input = waiting[count]!;
    if (!newest || input.number > newest.number) newest = input;
    fire ||= input.controls.fire;
  }
  if (count === 0 || !newest) return undefined;
  for (let taken = 0; taken < count; taken++) waiting.shift(); // nearly always one, and no list of it is made
  const isNews = newest.number > queue.steering;
  queue.settled = Math.max(queue.settled, newest.number);
  queue.steering = Math.max(queue.steering, newest.number);
  return { controls: isNews ? firing(newest.controls, fire) : firing(held, held.fire || fire), count };
}

/** The same controls when nothing is to be changed. */
function firing(controls: Controls, fire: boolean): Controls {
  return controls.fire === fire ? controls : { ...controls, fire };
}

function isAfter(a: InputFrame, b: InputFrame): boolean {
  return a.tick > b.tick || (a.tick === b.tick && a.number > b.number);
}

/** False for a number that has been here before. */
function noteNumber(queue: InputQueue, number: number): boolean {
  if (number > queue.received) {
    const from = Math.max(queue.received + 1, number - MISSING_NUMBERS_MAX);
    for (let skipped = from; skipped < number; skipped++) queue.missing.push(skipped);
    const over = queue.missing.length - MISSING_NUMBERS_MAX;
    if (over > 0) queue.missing.splice(0, over);
    queue.received = number;
    return true;
  }
  const index = queue.missing.indexOf(number);
  if (index === -1) return false;
  queue.missing.splice(index, 1);
  return true;
}
