// The leaders of this round, and one's own place; among hundreds that is said in words too.

import type { RenderState } from "../netcode/render-state.ts";
import { element, setText, show } from "./element.ts";
import { formatPlace } from "./format.ts";
import { type Standing, shortList } from "./standings.ts";
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
  readonly #place = element("p", { className: "leaderboard-place" });

  constructor() {
    this.#rows = Array.from({ length: ROWS }, makeRow);
    const list = element("ol", { className: "leaderboard-rows" }, ...this.#rows.map((row) => row.root));
    this.root = element(
      "section",
      { className: "panel leaderboard", attributes: { "aria-label": "Leaderboard" } },
      list,
      this.#place,
    );
  }

  update({ waters }: RenderState, standings: readonly Standing[]): void {
    const listed = shortList(standings, ROWS);
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
    const own = standings.find(({ boat }) => boat.own);
    show(this.#place, waters === "arena" && own !== undefined);
    if (own) setText(this.#place, `You: ${formatPlace(own.place)} of ${standings.length}`);
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
