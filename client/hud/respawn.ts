// What a sunk player reads: by whom, and how long until the next boat.

import type { RenderEvent, RenderState } from "../netcode/render-state.ts";
import { element, setText, show } from "./element.ts";

export class RespawnNotice {
  readonly root: HTMLElement;
  readonly #title = element("p", { className: "respawn-title" });
  readonly #seconds = element("p", { className: "respawn-seconds" });
  #sunkBy = "";

  /** `offer` stands below what is said. */
  constructor(offer: Node) {
    const attributes = { role: "status" };
    this.root = element("div", { className: "respawn", attributes }, this.#title, this.#seconds, offer);
    this.root.hidden = true;
  }

  happen(event: RenderEvent, state: RenderState): void {
    if (event.type !== "sunk" || event.seat !== state.ownSeat) return;
    const by = state.boats.find((boat) => boat.seat === event.by && !boat.own);
    this.#sunkBy = by ? `Sunk by ${by.name}` : "Your boat went down";
  }

  update(state: RenderState): void {
    const own = state.boats.find((boat) => boat.own);
    const visible = own !== undefined && !own.afloat && state.phase === "playing";
    show(this.root, visible);
    if (!visible) return;
    setText(this.#title, this.#sunkBy || "Your boat went down");
    setText(this.#seconds, `A new one in ${Math.max(1, Math.ceil(own.respawnInSeconds))}`);
  }
}
