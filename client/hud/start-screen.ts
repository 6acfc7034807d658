// The first thing one sees: a name, a button, a code. Lies over a game that plays itself.

import { CODE_LENGTH, NAME_MAX_UNITS } from "../../game/protocol/limits.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import { type Destination, destinationOf } from "../regions/destination.ts";
import type { Regions } from "../regions/regions.ts";
import { readRoomAddress } from "../regions/room-address.ts";
import { button, element, show } from "./element.ts";
import { HallOfFame } from "./hall-of-fame.ts";
import { CONTROLS, controlRows, TOUCH_CONTROLS } from "./hints.ts";
import { RegionPicker } from "./region-picker.ts";

export interface StartWish extends Destination {
  name: string;
  offline: boolean;
  /** Where quick play and practice are; a room is what it is. */
  waters: WatersKind;
}

export class StartScreen {
  readonly root: HTMLElement;
  readonly #hallOfFame = new HallOfFame();
  readonly #name = field("Your name", "name", { maxlength: String(NAME_MAX_UNITS), autocomplete: "nickname" });
  readonly #code = field("Room code", "room", {
    maxlength: "10",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
  });
  readonly #message = element("p", { className: "message", attributes: { role: "alert" } });
  readonly #play: HTMLButtonElement;
  readonly #arena: HTMLButtonElement;
  readonly #join: HTMLButtonElement;
  /** What Enter does without a code. */
  #favourite: WatersKind = "basin";
  readonly #start: (wish: StartWish) => void;
  readonly #regions: Regions;
  /** Whose hall of fame is shown. */
  #fameOrigin: string | undefined;
  /** Ends the measuring of the regions. */
  #rest = () => {};

  constructor(start: (wish: StartWish) => void, regions: Regions) {
    this.#start = start;
    this.#regions = regions;
    this.#play = element("button", { className: "primary", text: "Quick play", attributes: { type: "submit" } });
    this.#arena = element("button", { className: "secondary", text: "Big arena", attributes: { type: "button" } });
    this.#join = element("button", { className: "secondary", text: "Join room", attributes: { type: "button" } });
    const form = element("form", { className: "start-form", attributes: { novalidate: "" } });
    form.append(
      this.#name.root,
      new RegionPicker(regions).root,
      element("div", { className: "play" }, this.#play, this.#arena),
      element("p", { className: "waters", text: "Quick play: a basin for 32 boats. Big arena: one sea for 500." }),
      element("div", { className: "join" }, this.#code.root, this.#join),
      this.#message,
      element(
        "div",
        { className: "practice" },
        button("Practise offline", "link", () => this.#practise("basin")),
        button("in an arena", "link", () => this.#practise("arena"), "Practise offline in an arena"),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#code.input.value.trim() === "") void this.#quickPlay(this.#favourite);
      else void this.#joinRoom();
    });
    this.#code.input.addEventListener("input", () => this.#preferRoom());
    regions.watch(() => this.#loadHallOfFame());
    this.root = element(
      "div",
      { className: "start-screen" },
      element("div", { className: "card" }, header(), form, this.#hallOfFame.root, help()),
    );
  }

  /** `room` is a code as people pass it on; `favourite` are the waters that were asked for. */
  open(name: string, room: string | undefined, message = "", favourite: WatersKind = "basin"): void {
    this.#favourite = favourite;
    if (name) this.#name.input.value = name;
    if (room) this.#code.input.value = room;
    this.#preferRoom();
    this.busy(false);
    this.say(message);
    show(this.root, true);
    this.#name.input.focus({ preventScroll: true });
    this.#rest();
    this.#rest = this.#regions.measure();
    void this.#regions.loaded.then(() => this.#loadHallOfFame());
  }

  hide(): void {
    // Keys are for the boat now, not for a field that is not seen.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.#rest();
    this.#fameOrigin = undefined;
    show(this.root, false);
  }

  say(message: string): void {
    this.#message.textContent = message;
  }

  busy(busy: boolean): void {
    this.#play.disabled = busy;
    this.#arena.disabled = busy;
    this.#join.disabled = busy;
    if (busy) this.say("Looking for a berth…");
  }

  /** The search takes long, and goes on: whoever does not want to wait may choose something else. */
  stillLooking(): void {
    this.busy(false);
    this.say("No berth yet, still looking… You may choose something else meanwhile.");
  }

  /** What Enter does looks like it: joining with a code in the field, otherwise the favourite waters. */
  #preferRoom(): void {
    const joining = this.#code.input.value.trim() !== "";
    const favourite = this.#favourite === "arena" ? this.#arena : this.#play;
    const acts = [
      [this.#play, () => void this.#quickPlay("basin")],
      [this.#arena, () => void this.#quickPlay("arena")],
      [this.#join, () => void this.#joinRoom()],
    ] as const;
    for (const [made, act] of acts) {
      const isFirst = made === (joining ? this.#join : favourite);
      made.className = isFirst ? "primary" : "secondary";
      // Enter presses the form's submit button; the others act for themselves.
      made.type = isFirst ? "submit" : "button";
      made.onclick = isFirst ? null : act;
    }
  }

  /** Each region has its own. The list is decoration: without an answer it stays hidden. */
  #loadHallOfFame(): void {
    const origin = this.#regions.current?.url ?? "";
    if (this.root.hidden || origin === this.#fameOrigin) return;
    this.#fameOrigin = origin;
    void this.#hallOfFame.load((...request) => fetch(...request), origin);
  }

  /** It is known which regions there are; who has pressed a button sees meanwhile that something is done. */
  async #loaded(): Promise<void> {
    this.busy(true);
    await this.#regions.loaded;
    this.busy(false);
  }

  async #joinRoom(): Promise<void> {
    await this.#loaded();
    const address = readRoomAddress(this.#code.input.value);
    const destination = address ? destinationOf(address, this.#regions) : { refusal: this.#codeExample() };
    if (!("refusal" in destination)) {
      this.#wish({ ...destination, offline: false, waters: "basin" });
      return;
    }
    this.say(destination.refusal);
    this.#code.input.focus();
  }

  #codeExample(): string {
    const [first] = this.#regions.all;
    const regional = first ? `, or ${first.id}-KQXR for one in ${first.name}` : "";
    return `A room code is ${CODE_LENGTH} letters, such as KQXR${regional}.`;
  }

  async #quickPlay(waters: WatersKind): Promise<void> {
    await this.#loaded();
    this.#wish({ room: undefined, offline: false, waters, region: this.#regions.current });
  }

  #practise(waters: WatersKind): void {
    this.#wish({ room: undefined, offline: true, waters, region: undefined });
  }

  #wish(wish: Omit<StartWish, "name">): void {
    this.#start({ name: this.#name.input.value.trim(), ...wish });
  }
}

function header(): HTMLElement {
  return element(
    "header",
    {},
    element("h1", { text: "Tidegate" }),
    element("p", {
      className: "tagline",
      text: "Boats, cannons and pearls. The servers change under you; you keep sailing.",
    }),
  );
}

function help(): HTMLElement {
  const touch = window.matchMedia("(pointer: coarse)").matches;
  return element(
    "section",
    { className: "help", attributes: { "aria-labelledby": "help-title" } },
    element("h2", { text: "Controls", attributes: { id: "help-title" } }),
    ...controlRows(touch ? TOUCH_CONTROLS : CONTROLS),
    element("p", {
      text: "Collect pearls, sink others and their pearls spill. The richest captain after three minutes wins.",
    }),
  );
}

function field(label: string, name: string, attributes: Record<string, string>) {
  const input = element("input", { attributes: { id: `field-${name}`, name, type: "text", ...attributes } });
  const root = element(
    "div",
    { className: `field field-${name}` },
    element("label", { text: label, attributes: { for: `field-${name}` } }),
    input,
  );
  return { root, input };
}
