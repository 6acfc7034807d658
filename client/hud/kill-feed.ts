// Who sank whom, newest at the bottom, each line for a few seconds.

import type { RenderEvent, RenderState } from "../netcode/render-state.ts";
import { element } from "./element.ts";
import { swatch } from "./swatch.ts";

const LINES_MAX = 4;
const LINE_SECONDS = 6;

export class KillFeed {
  readonly root = element("ul", { className: "kill-feed", attributes: { "aria-label": "Sinkings" } });
  #lines: { root: HTMLElement; endsAtMs: number }[] = [];

  happen(event: RenderEvent, state: RenderState, nowMs: number): void {
    if (event.type !== "sunk") return;
    const line = element("li", {}, ...describe(event.by, event.seat, state));
    const concerned = event.by === state.ownSeat || event.seat === state.ownSeat;
    line.classList.toggle("own", concerned);
    this.root.append(line);
    this.#lines.push({ root: line, endsAtMs: nowMs + LINE_SECONDS * 1000 });
    if (this.#lines.length > LINES_MAX) this.#lines.shift()?.root.remove();
  }

  update(nowMs: number): void {
    for (const line of this.#lines) if (line.endsAtMs <= nowMs) line.root.remove();
    this.#lines = this.#lines.filter((line) => line.endsAtMs > nowMs);
  }

  clear(): void {
    this.root.replaceChildren();
    this.#lines = [];
  }
}

function describe(by: number, seat: number, state: RenderState): (Node | string)[] {
  const nameOf = (wanted: number) =>
    [...state.boats, ...state.sightings].find((boat) => boat.seat === wanted)?.name || "someone";
  const victim = element("b", { text: nameOf(seat) });
  if (by === seat || by < 0) return [swatch(seat), victim, " went down"];
  return [swatch(by), element("b", { text: nameOf(by) }), " sank ", swatch(seat), victim];
}
