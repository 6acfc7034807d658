// How to steer, for the first seconds of a game.

import { element, show } from "./element.ts";

const HINT_SECONDS = 14;

export const CONTROLS: readonly (readonly [string, string])[] = [
  ["W A S D or arrows", "sail and steer"],
  ["Pointer", "aim"],
  ["Click or space", "fire"],
  ["M", "sound"],
  ["N", "net graph"],
  ["G", "ghosts"],
  ["L", "lessons"],
];

export const TOUCH_CONTROLS: readonly (readonly [string, string])[] = [
  ["Left thumb", "sail where it points"],
  ["Right thumb", "tap or drag to aim and fire"],
];

export class Hints {
  readonly root = element("aside", { className: "hints", attributes: { "aria-label": "Controls" } });
  #endsAtMs = 0;
  #touch: boolean | undefined;

  /** `nowMs` as of the frames. */
  start(nowMs: number): void {
    this.#endsAtMs = nowMs + HINT_SECONDS * 1000;
  }

  update(nowMs: number, touch: boolean): void {
    show(this.root, nowMs < this.#endsAtMs);
    if (touch === this.#touch) return;
    this.#touch = touch;
    this.root.replaceChildren(...controlRows(touch ? TOUCH_CONTROLS : CONTROLS));
  }
}

export function controlRows(rows: readonly (readonly [string, string])[]): HTMLElement[] {
  return rows.map(([key, does]) => element("span", { className: "hint" }, element("kbd", { text: key }), ` ${does}`));
}
