// When a page that is older than its servers is loaded anew: when its player asks for it; and by itself, between two lives or while nobody
// looks, when it speaks an older protocol than they do, since the version after theirs will not understand it any more. Draws nothing.

import type { Release } from "../../game/protocol/index.ts";
import type { PageMemory } from "../browser/storage.ts";

/** A page without a version of its own, as a developer has it, is never out of date. */
const NO_VERSION = "dev";

export interface RenewalParts {
  build: string;
  /** The newest protocol that this page speaks. */
  protocol: number;
  memory: Pick<PageMemory, "renewedFor">;
  reload: () => void;
}

export class Renewal {
  readonly #parts: RenewalParts;
  #release: Release | undefined;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /** What the servers have come to. While they are of several versions they say nothing, and what was heard last holds. */
  heard(release: Release): void {
    this.#release = release;
  }

  /** The servers have another version of the page. */
  get isDue(): boolean {
    const { build } = this.#parts;
    return build !== NO_VERSION && this.#release !== undefined && this.#release.version !== build;
  }

  /** Nobody would miss the page for a moment now. Once for each release: a reload that brought the same page again was in vain. */
  idle(): void {
    const { protocol, memory, reload } = this.#parts;
    const release = this.#release;
    if (!release || !this.isDue || release.protocol <= protocol || memory.renewedFor === release.version) return;
    memory.renewedFor = release.version;
    // Without a memory nothing would end the repetition; then the player has to ask.
    if (memory.renewedFor === release.version) reload();
  }
}
