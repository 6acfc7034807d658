// The panel of lessons (L): turns parts of the netcode off, and makes the network worse. While it is closed, a chip says what is not normal.

import type { GameSession } from "../netcode/game-session.ts";
import { button, element, setText, show } from "./element.ts";
import {
  backToNormal,
  GHOST_ROW,
  LESSON_ROWS,
  type LessonRow,
  type LessonSettings,
  NETWORK_ROWS,
  summary,
} from "./lesson-rows.ts";

const NORMAL_CODE = "KeyR";
const FIRST_WORDS = "Turn something off and feel what it was for. It is only about your page; nobody else notices.";
const NO_NETWORK =
  "You play without a server: there is no network here, nothing to predict and nothing to make up for. In a game with a server these do what they say.";

export class LessonsPanel {
  readonly root: HTMLElement;
  /** What is not normal, while the panel is closed. */
  readonly chip: HTMLButtonElement;
  /** The rows about the network once more, for the net graph: there they are at hand on a phone, too. */
  readonly network: HTMLElement;
  readonly #settings: LessonSettings;
  readonly #rows: { row: LessonRow; root: HTMLButtonElement; value: HTMLElement }[];
  readonly #words = element("p", { className: "lesson-words", text: FIRST_WORDS, attributes: { role: "status" } });
  #hasNetwork = true;

  constructor(settings: LessonSettings) {
    this.#settings = settings;
    const rows = [...LESSON_ROWS, GHOST_ROW].map((row) => this.#makeRow(row));
    const networkRows = NETWORK_ROWS.map((row) => this.#makeRow(row));
    this.#rows = [...rows, ...networkRows];
    this.network = element(
      "div",
      { className: "net-added" },
      element("p", { className: "caption", text: "Made worse here, to feel it" }),
      ...networkRows.map(({ root }) => root),
    );
    this.root = element(
      "section",
      { className: "panel lessons", attributes: { "aria-label": "Lessons" } },
      element(
        "header",
        {},
        element("h2", { text: "Lessons" }),
        button("R: all normal", "tool", () => this.#normal(), "Turn everything back to normal (R)"),
      ),
      ...rows.map(({ root }) => root),
      this.#words,
    );
    this.root.hidden = true;
    this.chip = button("", "tool lessons-chip", () => this.toggle(), "Lessons (L)");
    this.#show();
  }

  toggle(): void {
    show(this.root, this.root.hidden === true);
    this.#show();
  }

  /** Shows or hides the ghosts, whether the panel is open or not. */
  toggleGhosts(): void {
    this.#press(GHOST_ROW);
  }

  /** Takes a key while the panel is open; true if it was one of the panel's. */
  key(code: string): boolean {
    if (this.root.hidden) return false;
    const row = LESSON_ROWS.find((other) => other.code === code);
    if (row) this.#press(row);
    else if (code === NORMAL_CODE) this.#normal();
    else return false;
    return true;
  }

  update(session: GameSession): void {
    const hasNetwork = session.welcome !== undefined;
    if (hasNetwork === this.#hasNetwork) return;
    this.#hasNetwork = hasNetwork;
    setText(this.#words, hasNetwork ? FIRST_WORDS : NO_NETWORK);
    this.#show();
  }

  #makeRow(row: LessonRow): { row: LessonRow; root: HTMLButtonElement; value: HTMLElement } {
    const value = element("span", { className: "lesson-value" });
    const root = element(
      "button",
      { className: "lesson", attributes: { type: "button" } },
      element("kbd", { text: row.key }),
      element("span", { text: row.label }),
      value,
    );
    root.addEventListener("click", () => this.#press(row));
    return { row, root, value };
  }

  #press(row: LessonRow): void {
    if (!this.#hasNetwork) return;
    row.press(this.#settings);
    setText(this.#words, row.lookFor(this.#settings) || FIRST_WORDS);
    this.#show();
  }

  #normal(): void {
    backToNormal(this.#settings);
    setText(this.#words, FIRST_WORDS);
    this.#show();
  }

  #show(): void {
    for (const { row, root, value } of this.#rows) {
      setText(value, row.value(this.#settings));
      root.classList.toggle("changed", !row.isNormal(this.#settings));
      root.disabled = !this.#hasNetwork;
    }
    const changed = summary(this.#settings);
    setText(this.chip, changed);
    show(this.chip, this.#hasNetwork && changed !== "" && this.root.hidden === true);
  }
}
