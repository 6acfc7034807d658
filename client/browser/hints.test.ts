import { expect, test } from "vitest";
import { onConnectHint } from "./hints.ts";

function page() {
  const hinting = {
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { hidden: false }),
    navigator: { connection: new EventTarget() },
  };
  let hints = 0;
  const stop = onConnectHint(hinting)(() => {
    hints += 1;
  });
  return { ...hinting, stop, hints: () => hints };
}

test("another network, and somebody who looks at the page, are hints", () => {
  const { window, document, navigator, hints } = page();
  window.dispatchEvent(new Event("online"));
  navigator.connection.dispatchEvent(new Event("change"));
  expect(hints()).toBe(2);
  for (const name of ["focus", "pageshow"]) window.dispatchEvent(new Event(name));
  for (const name of ["visibilitychange", "resume"]) document.dispatchEvent(new Event(name));
  expect(hints()).toBe(6);
});

test("a page that becomes hidden is none, but a network that is back is one even then", () => {
  const { window, document, hints } = page();
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  expect(hints()).toBe(0);
  window.dispatchEvent(new Event("online"));
  expect(hints()).toBe(1);
});

test("nothing is a hint once it is stopped", () => {
  const { window, document, stop, hints } = page();
  stop();
  window.dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
  expect(hints()).toBe(0);
});

test("a browser that does not know its network does without", () => {
  const document = Object.assign(new EventTarget(), { hidden: false });
  expect(() => onConnectHint({ window: new EventTarget(), document, navigator: {} })(() => {})()).not.toThrow();
});
