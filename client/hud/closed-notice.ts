// A game that is over for good says so on the whole page, with the one thing that can be done about it.

import type { Refusal } from "../../game/protocol/index.ts";
import { button, element, show } from "./element.ts";

export class ClosedNotice {
  readonly root: HTMLElement;
  readonly #text = element("p");
  readonly #actions = element("div", { className: "actions" });

  constructor() {
    const card = element("div", { className: "card" }, element("h1", { text: "Tidegate" }), this.#text, this.#actions);
    this.root = element(
      "div",
      { className: "closed-notice", attributes: { role: "alertdialog", "aria-label": "Game over" } },
      card,
    );
    this.root.hidden = true;
  }

  open(refusal: Refusal, actions: { reload: () => void; start: () => void }): void {
    this.#text.textContent = refusal.message;
    const act =
      refusal.code === "protocol-version"
        ? button("Reload", "primary", actions.reload)
        : button(refusal.code === "superseded" ? "Play here instead" : "Back to the start", "primary", actions.start);
    this.#actions.replaceChildren(act);
    this.root.dataset.code = refusal.code;
    show(this.root, true);
    act.focus();
  }

  hide(): void {
    show(this.root, false);
  }
}
