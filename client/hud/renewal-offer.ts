// "There is a new version": offered where the player has a moment for it, never over the game.

import { button, element, show } from "./element.ts";

export class RenewalOffer {
  readonly root: HTMLElement;

  constructor(renew: () => void) {
    const reload = button("Reload", "renew", renew, "Reload the page; your boat waits for you");
    this.root = element("p", { className: "renewal" }, "A new version is here.", reload);
    this.root.hidden = true;
  }

  setDue(due: boolean): void {
    show(this.root, due);
  }
}
