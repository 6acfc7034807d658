// Where the thumbs are: a ring and a knob for each.

import { THUMB_REACH_PX, type Thumb, thumbOffset } from "../input/thumb.ts";
import { element, show } from "./element.ts";

export class TouchPad {
  readonly root = element("div", { className: "touch-pad", attributes: { "aria-hidden": "true" } });
  readonly #sail = ring("sail");
  readonly #gun = ring("gun");

  constructor() {
    this.root.append(this.#sail.root, this.#gun.root);
  }

  update(thumbs: { sail: Thumb | undefined; gun: Thumb | undefined }): void {
    place(this.#sail, thumbs.sail);
    place(this.#gun, thumbs.gun);
  }
}

interface Ring {
  root: HTMLElement;
  knob: HTMLElement;
}

function ring(kind: string): Ring {
  const knob = element("span", { className: "knob" });
  const root = element("span", { className: `thumb thumb-${kind}` }, knob);
  root.hidden = true;
  root.style.width = `${THUMB_REACH_PX * 2}px`;
  root.style.height = `${THUMB_REACH_PX * 2}px`;
  return { root, knob };
}

function place({ root, knob }: Ring, thumb: Thumb | undefined): void {
  show(root, thumb !== undefined);
  if (!thumb) return;
  const { x, y } = thumbOffset(thumb);
  root.style.transform = `translate(${thumb.originX - THUMB_REACH_PX}px, ${thumb.originY - THUMB_REACH_PX}px)`;
  knob.style.transform = `translate(${x}px, ${y}px)`;
}
