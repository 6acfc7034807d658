// The leaders of this round, and one's own place.

import type { RenderState } from "../netcode/render-state.ts";
import { element, setText, show } from "./element.ts";
import { shortList, standingsOf } from "./standings.ts";
import { paintSwatch, swatch } from "./swatch.ts";

const ROWS = 6;

interface Row {
  root: HTMLElement;
  place: HTMLElement;
  badge: HTMLElement;
  name: HTMLElement;
  score: HTMLElement;
}

export class Leaderboard {
  readonly root: HTMLElement;
  readonly #rows: Row[];

  constructor() {
    this.#rows = Array.from({ length: ROWS }, makeRow);
    const list = element("ol", { className: "leaderboard-rows" }, ...this.#rows.map((row) => row.root));
    this.root = element(
      "section",
      { className: "panel leaderboard", attributes: { "aria-label": "Leaderboard" } },
      list,
    );
  }

  update(state: RenderState): void {
    const listed = shortList(standingsOf(state.boats), ROWS);
    this.#rows.forEach((row, index) => {
      const standing = listed[index];
      show(row.root, standing !== undefined);
      if (!standing) return;
      const { boat, place } = standing;
      setText(row.place, String(place));
      paintSwatch(row.badge, boat.seat);
      setText(row.name, boat.name);
      setText(row.score, String(boat.score));
      row.root.classList.toggle("own", boat.own);
      row.root.dataset.seat = String(boat.seat);
    });
  }
}

function makeRow(): Row {
  const row = {
    place: element("span", { className: "place" }),
    badge: swatch(0),
    name: element("span", { className: "name" }),
    score: element("span", { className: "score" }),
  };
  return { root: element("li", {}, row.place, row.badge, row.name, row.score), ...row };
}
