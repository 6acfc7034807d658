import { describe, expect, it } from "vitest";
import { INPUT_AHEAD_MAX_TICKS, INPUT_QUEUE_MAX, type InputFrame } from "../../game/protocol/index.ts";
import { neutralControls } from "../../game/sim/index.ts";
import { createInputQueue, enqueueInput, MISSING_NUMBERS_MAX, takeDue } from "./input-queue.ts";

function input(number: number, tick: number, fire = false, throttle = 0): InputFrame {
  return { number, tick, controls: { ...neutralControls, fire, throttle } };
}

describe("the input queue of a seat", () => {
  it("hands an input out at the tick of its label, not before", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(1, 12), 10);
    expect(takeDue(queue, 11, neutralControls)).toBeUndefined();
    expect(takeDue(queue, 12, neutralControls)?.count).toBe(1);
    expect(takeDue(queue, 13, neutralControls)).toBeUndefined();
  });

  it("drops a number that was there before", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(1, 12), 10);
    expect(enqueueInput(queue, input(1, 12), 10)).toBe("duplicate");
    expect(enqueueInput(queue, input(1, 14), 10)).toBe("duplicate");
    expect(queue.waiting).toHaveLength(1);
  });

  it("takes a number that arrives after a later one, once, in the order of the labels", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(2, 13), 10);
    expect(enqueueInput(queue, input(1, 12), 10)).toBe("queued");
    expect(enqueueInput(queue, input(1, 12), 10)).toBe("duplicate");
    expect(queue.waiting.map((waiting) => waiting.tick)).toEqual([12, 13]);
  });

  it("pushes the oldest out when it is full, and calls its number settled", () => {
    const queue = createInputQueue();
    for (let number = 1; number <= INPUT_QUEUE_MAX; number++)
      enqueueInput(queue, input(number, 10 + Math.floor(number / 2)), 10);
    expect(enqueueInput(queue, input(INPUT_QUEUE_MAX + 1, 50), 10)).toBe("pushed-out");
    expect(queue.waiting).toHaveLength(INPUT_QUEUE_MAX);
    expect(queue.settled).toBe(1);
    expect(queue.waiting[0]?.number).toBe(2);
  });

  it("refuses what is labelled too far ahead and counts it as received", () => {
    const queue = createInputQueue();
    expect(enqueueInput(queue, input(1, 10 + INPUT_AHEAD_MAX_TICKS), 10)).toBe("queued");
    expect(enqueueInput(queue, input(2, 11 + INPUT_AHEAD_MAX_TICKS), 10)).toBe("too-far-ahead");
    expect(queue).toMatchObject({ received: 2, settled: 2 });
  });

  it("applies late inputs at once, keeps a shot that one of them asked for, and is level afterwards", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(1, 5, true, 1), 10);
    enqueueInput(queue, input(2, 6, false, 2), 10);
    enqueueInput(queue, input(3, 10, false, 3), 10);
    expect(takeDue(queue, 10, neutralControls)).toMatchObject({ count: 3, controls: { fire: true, throttle: 3 } });
    expect(queue).toMatchObject({ waiting: [], settled: 3 });
  });

  it("does not let an older command override a newer one that has an earlier label", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(5, 14, false, 5), 10);
    enqueueInput(queue, input(6, 12, false, 6), 10);
    const newer = takeDue(queue, 12, neutralControls);
    expect(newer).toMatchObject({ count: 1, controls: { throttle: 6 } });
    expect(takeDue(queue, 14, newer!.controls)).toMatchObject({ count: 1, controls: { throttle: 6, fire: false } });
    expect(queue).toMatchObject({ waiting: [], settled: 6, steering: 6 });
  });

  it("lets the higher number steer of those that are due together, whatever their labels", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(6, 8, false, 6), 10);
    enqueueInput(queue, input(5, 9, true, 5), 10);
    expect(takeDue(queue, 10, neutralControls)).toMatchObject({ count: 2, controls: { throttle: 6, fire: true } });
  });

  it("still fires a shot that arrives behind a newer command, and steers on", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(2, 11, false, 2), 10);
    const newer = takeDue(queue, 11, neutralControls);
    enqueueInput(queue, input(1, 10, true, 1), 12);
    expect(takeDue(queue, 12, newer!.controls)).toMatchObject({ count: 1, controls: { throttle: 2, fire: true } });
  });

  it("remembers a bounded number of skipped numbers, whatever a client counts", () => {
    const queue = createInputQueue();
    enqueueInput(queue, input(4_000_000_000, 12), 10);
    expect(queue.missing).toHaveLength(MISSING_NUMBERS_MAX);
    expect(enqueueInput(queue, input(3, 12), 10)).toBe("duplicate");
  });
});
