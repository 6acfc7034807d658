// The best scores ever, asked of a region's servers; without an answer the list is not shown.

import type { HallOfFameEntry } from "../../game/protocol/index.ts";
import { element, show } from "./element.ts";

const ENTRIES_SHOWN = 8;
const ADDRESS = "/api/hall-of-fame";

export class HallOfFame {
  readonly root: HTMLElement;
  readonly #list = element("ol", { className: "fame-rows" });
  #origin = "";

  constructor() {
    this.root = element("section", { className: "fame", attributes: { "aria-labelledby": "fame-title" } });
    this.root.append(element("h2", { text: "Hall of fame", attributes: { id: "fame-title" } }), this.#list);
    this.root.hidden = true;
  }

  /** Of the servers at `origin`; "" is the page's own. A later call makes an earlier one's answer void. */
  async load(request: typeof fetch, origin: string): Promise<void> {
    this.#origin = origin;
    const entries = await fetchEntries(request, origin);
    if (origin !== this.#origin) return;
    this.#list.replaceChildren(
      ...entries
        .slice(0, ENTRIES_SHOWN)
        .map(({ name, score }) =>
          element(
            "li",
            {},
            element("span", { className: "fame-name", text: name }),
            element("span", { className: "fame-score", text: String(score) }),
          ),
        ),
    );
    show(this.root, entries.length > 0);
  }
}

export async function fetchEntries(request: typeof fetch, origin = ""): Promise<HallOfFameEntry[]> {
  try {
    const answer = await request(`${origin}${ADDRESS}`, { headers: { accept: "application/json" } });
    return answer.ok ? readEntries(await answer.json()) : [];
  } catch {
    // No server (practice) or no JSON: a start screen without the list is still a start screen.
    return [];
  }
}

/** The list itself, or under `entries`; anything that is not an entry is left out. */
export function readEntries(answer: unknown): HallOfFameEntry[] {
  const list = Array.isArray(answer) ? answer : (answer as { entries?: unknown } | null)?.entries;
  return Array.isArray(list) ? list.filter(isEntry) : [];
}

function isEntry(value: unknown): value is HallOfFameEntry {
  const { name, score } = (value ?? {}) as Partial<HallOfFameEntry>;
  return typeof name === "string" && typeof score === "number" && Number.isFinite(score);
}
