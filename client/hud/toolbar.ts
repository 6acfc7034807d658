// The few buttons of a running game.

import { button, element, show } from "./element.ts";

export interface ToolbarActions {
  toggleSound(): void;
  toggleNetGraph(): void;
  toggleLessons(): void;
  share(): void;
  leave(): void;
  /** Loads the page anew, in the newest version. */
  renew(): void;
}

export class Toolbar {
  readonly root: HTMLElement;
  readonly #sound: HTMLButtonElement;
  readonly #share: HTMLButtonElement;
  readonly #renew: HTMLButtonElement;

  constructor(actions: ToolbarActions) {
    this.#sound = button("Sound", "tool", actions.toggleSound, "Sound on or off (M)");
    this.#share = button("Share", "tool", actions.share, "Copy a link to this room");
    this.#renew = button(
      "New version: reload",
      "tool renew",
      actions.renew,
      "Reload the page; your boat waits for you",
    );
    this.#renew.hidden = true;
    this.root = element(
      "nav",
      { className: "toolbar", attributes: { "aria-label": "Game" } },
      this.#renew,
      element(
        "div",
        { className: "tools" },
        this.#share,
        this.#sound,
        button("Net", "tool", actions.toggleNetGraph, "Net graph (N)"),
        button("Lessons", "tool lessons-tool", actions.toggleLessons, "Turn parts of the netcode off (L)"),
        button("Leave", "tool", actions.leave, "Leave the game"),
      ),
    );
  }

  setMuted(muted: boolean): void {
    this.#sound.textContent = muted ? "Sound off" : "Sound on";
    this.#sound.setAttribute("aria-pressed", String(!muted));
  }

  setShareable(shareable: boolean): void {
    this.#share.hidden = !shareable;
  }

  setRenewalDue(due: boolean): void {
    show(this.#renew, due);
  }

  /** Says for a moment what became of sharing. */
  said(text: string): void {
    this.#share.textContent = text;
    setTimeout(() => {
      this.#share.textContent = "Share";
    }, 2500);
  }
}
