// How long the round lasts, and which one it is.

import type { RenderState } from "../netcode/render-state.ts";
import { element, setText } from "./element.ts";
import { formatClock } from "./format.ts";

/** The last seconds are marked. */
const LAST_SECONDS = 15;

export class RoundTimer {
  readonly root: HTMLElement;
  readonly #clock = element("span", { className: "clock" });
  readonly #round = element("span", { className: "round" });

  constructor() {
    this.root = element(
      "div",
      { className: "panel round-timer", attributes: { role: "timer" } },
      this.#clock,
      this.#round,
    );
  }

  update({ phase, phaseSecondsLeft, round }: RenderState): void {
    setText(this.#clock, formatClock(phaseSecondsLeft));
    setText(this.#round, phase === "playing" ? `Round ${round}` : "Next round");
    this.root.classList.toggle("last", phase === "playing" && phaseSecondsLeft <= LAST_SECONDS);
  }
}
