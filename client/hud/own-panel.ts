// One's own boat in numbers: hull, gun, pearls aboard, score and place.

import type { RenderState } from "../netcode/render-state.ts";
import { element, setText } from "./element.ts";
import { formatPlace } from "./format.ts";
import type { Standing } from "./standings.ts";

export class OwnPanel {
  readonly root: HTMLElement;
  readonly #hull = meter("Hull", "hull");
  readonly #gun = meter("Gun", "gun");
  readonly #pearls = element("span", { className: "figure" });
  readonly #score = element("span", { className: "figure" });
  readonly #place = element("span", { className: "figure" });

  constructor() {
    this.root = element(
      "section",
      { className: "panel own-panel", attributes: { "aria-label": "Your boat" } },
      element("div", { className: "meters" }, this.#hull.root, this.#gun.root),
      figure("Pearls", this.#pearls),
      figure("Score", this.#score),
      figure("Place", this.#place),
    );
  }

  update(state: RenderState, standings: readonly Standing[]): void {
    const boat = state.boats.find(({ own }) => own);
    if (!boat) return;
    this.#hull.set(boat.hull, boat.hull <= 0.3);
    this.#gun.set(boat.loaded, boat.loaded < 1);
    setText(this.#pearls, String(boat.pearls));
    setText(this.#score, String(boat.score));
    const standing = standings.find(({ boat: { own } }) => own);
    if (standing) setText(this.#place, formatPlace(standing.place));
  }
}

function figure(label: string, value: HTMLElement): HTMLElement {
  return element(
    "div",
    { className: `figures ${label.toLowerCase()}` },
    value,
    element("span", { className: "caption", text: label }),
  );
}

function meter(label: string, className: string) {
  const fill = element("span", { className: "fill" });
  const bar = element("span", { className: "bar" }, fill);
  const root = element(
    "div",
    { className: `meter ${className}` },
    element("span", { className: "caption", text: label }),
    bar,
  );
  return {
    root,
    set(share: number, low: boolean) {
      const bounded = Math.max(0, Math.min(1, share));
      fill.style.transform = `scaleX(${bounded.toFixed(3)})`;
      root.classList.toggle("low", low);
    },
  };
}
