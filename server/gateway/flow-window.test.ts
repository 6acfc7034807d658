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

test("who fills the window gets nothing until it has caught up to half of it", () => {
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
    const bytes = fill(window);
    sent += bytes;
    window.confirmed(sent);
    return bytes;
  };
  expect([room(), room(), room(), room(), room()]).toEqual([
    WINDOW_MAX_BYTES,
    WINDOW_MAX_BYTES / 2,
    WINDOW_MAX_BYTES / 4,
    WINDOW_MIN_BYTES,
    WINDOW_MIN_BYTES,
  ]);
  const confirmations = (WINDOW_MAX_BYTES - WINDOW_MIN_BYTES) / WINDOW_GROWTH_BYTES;
  for (let count = 0; count < confirmations + 3; count++) window.confirmed(sent);
  expect(room()).toBe(WINDOW_MAX_BYTES);
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
