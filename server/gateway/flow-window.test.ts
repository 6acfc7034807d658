import { expect, test } from "vitest";
import { FlowWindow, WINDOW_GROWTH_BYTES, WINDOW_MAX_BYTES, WINDOW_MIN_BYTES } from "./flow-window.ts";

const FRAME_BYTES = 256;

/** Sends frames until it is full; how many bytes that took. */
function fill(window: FlowWindow): number {
  let bytes = 0;
  while (!window.isFull) {
    window.sent(FRAME_BYTES);
    bytes += FRAME_BYTES;
    if (bytes > 2 * WINDOW_MAX_BYTES) throw new Error("it is never full");
  }
  return bytes;
}

function used(): FlowWindow {
  const window = new FlowWindow();
  window.use();
  return window;
}

test("who confirms nothing because it does not know how is not held back", () => {
  const window = new FlowWindow();
  window.sent(100 * WINDOW_MAX_BYTES);
  expect(window.isFull).toBe(false);
});

test("who confirms in time is never held back, however much it is sent in all", () => {
  const window = used();
  for (let sent = 0; sent < 100 * WINDOW_MAX_BYTES; ) {
    window.sent(FRAME_BYTES);
    sent += FRAME_BYTES;
    expect(window.isFull).toBe(false);
    window.confirmed(sent - WINDOW_MAX_BYTES / 2); // half a window behind
  }
});

test("who fills the window gets nothing until they have caught up to half of it", () => {
  const window = used();
  const sent = fill(window);
  expect(sent).toBe(WINDOW_MAX_BYTES);
  window.confirmed(sent - WINDOW_MAX_BYTES / 2);
  expect(window.isFull).toBe(true);
  window.confirmed(sent - WINDOW_MAX_BYTES / 2 + 1);
  expect(window.isFull).toBe(false);
});

test("who is slow again and again gets less each time, down to the least; who is in time gets more again, up to the most", () => {
  const window = used();
  let sent = 0;
  const room = () => {
    sent += fill(window);
    window.confirmed(sent - 1); // all but everything: it may go on, and has not been in time
    return sent;
  };
  for (let count = 0; count < 5; count++) room();
  const least = sent;
  expect(room() - least).toBeLessThanOrEqual(WINDOW_MIN_BYTES);
  const confirmations = (WINDOW_MAX_BYTES - WINDOW_MIN_BYTES) / WINDOW_GROWTH_BYTES;
  for (let count = 0; count < confirmations + 3; count++) window.confirmed(sent);
  expect(fill(window)).toBe(WINDOW_MAX_BYTES);
});

/** A second of a room for a player who reads so much of it, and says at its end what has come. Gives the bytes that were read. */
function secondOf(window: FlowWindow, state: { sent: number; read: number }, readBytesPerSecond: number): number {
  const before = state.read;
  for (let tick = 0; tick < 30; tick++) {
    if (!window.isFull) {
      window.sent(150);
      state.sent += 150;
    }
    state.read = Math.min(state.sent, state.read + readBytesPerSecond / 30);
  }
  window.confirmed(state.read);
  return state.read - before;
}

test("somebody slow reads nearly all that they can and is never far behind; fast again, they get everything again", () => {
  const window = used();
  const state = { sent: 0, read: 0 };
  let read = 0;
  let behindMax = 0;
  for (let second = 0; second < 120; second++) {
    const bytes = secondOf(window, state, 2_000);
    if (second < 20) continue; // until the window has found its size
    read += bytes;
    behindMax = Math.max(behindMax, state.sent - state.read);
  }
  expect(read / 100).toBeGreaterThan(1_500);
  expect(behindMax).toBeLessThan(2 * 2_000);
  for (let second = 0; second < 10; second++) secondOf(window, state, 1_000_000);
  expect(secondOf(window, state, 1_000_000)).toBe(30 * 150);
});

test.each([Number.NaN, -1, 5])("a number that makes no sense (%d after 10 were confirmed) changes nothing", (bytes) => {
  const window = used();
  window.sent(10);
  window.confirmed(10);
  window.confirmed(bytes);
  window.sent(WINDOW_MAX_BYTES - 1);
  expect(window.isFull).toBe(false);
  window.sent(1);
  expect(window.isFull).toBe(true);
});

test("nobody can confirm what was not sent", () => {
  const window = used();
  window.confirmed(Number.POSITIVE_INFINITY);
  expect(fill(window)).toBe(WINDOW_MAX_BYTES);
});
