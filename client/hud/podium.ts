// The end of a round: the best three on their steps, and one's own place.

import type { RenderState } from "../netcode/render-state.ts";
import { element, setText, show } from "./element.ts";
import { formatCount, formatPlace } from "./format.ts";
import type { Entrant, Standing } from "./standings.ts";
import { paintSwatch, swatch } from "./swatch.ts";

const STEPS = 3;

export class Podium {
  readonly root: HTMLElement;
  readonly #title = element("h2");
  readonly #own = element("p", { className: "podium-own" });
  readonly #next = element("p", { className: "podium-next" });
  readonly #steps = Array.from({ length: STEPS }, (_, index) => makeStep(index + 1));

  /** `offer` stands below what is said. */
  constructor(offer: Node) {
    this.root = element(
      "section",
      { className: "podium", attributes: { role: "status", "aria-label": "Podium" } },
      this.#title,
      // Read by place; the style sheet puts the first in the middle.
      element("ol", { className: "podium-steps" }, ...this.#steps.map((step) => step.root)),
      this.#own,
      this.#next,
      offer,
    );
    this.root.hidden = true;
  }

  update(state: RenderState, standings: readonly Standing[]): void {
    show(this.root, state.phase === "podium");
    if (state.phase !== "podium") return;
    setText(this.#title, `Round ${state.round}`);
    this.#steps.forEach((step, index) => {
      const standing = standings[index];
      step.root.classList.toggle("empty", standing === undefined);
      if (!standing) return;
      const { boat } = standing;
      paintSwatch(step.badge, boat.seat);
      setText(step.name, boat.name);
      setText(step.score, formatCount(boat.score, "point"));
      setText(step.detail, detailOf(boat));
      step.root.classList.toggle("own", boat.own);
    });
    const own = standings.find(({ boat }) => boat.own);
    setText(
      this.#own,
      own
        ? `You came ${formatPlace(own.place)} of ${standings.length} with ${formatCount(own.boat.score, "point")}`
        : "",
    );
    setText(this.#next, `Next round in ${Math.max(0, Math.ceil(state.phaseSecondsLeft))} s`);
  }
}

/** From afar only the points are known. */
function detailOf({ pearls, sinkings }: Entrant): string {
  if (pearls === undefined || sinkings === undefined) return "";
  return `${formatCount(pearls, "pearl")} · ${formatCount(sinkings, "sinking")}`;
}

function makeStep(place: number) {
  const step = {
    badge: swatch(0),
    name: element("span", { className: "name" }),
    score: element("span", { className: "score" }),
    detail: element("span", { className: "detail" }),
  };
  const block = element("span", { className: "block", text: String(place), attributes: { "aria-hidden": "true" } });
  const root = element(
    "li",
    { className: `step step-${place}` },
    step.badge,
    step.name,
    step.score,
    step.detail,
    block,
  );
  return { root, ...step };
}
