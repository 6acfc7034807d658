// A region that does not answer any more is said so, and another one is offered: a new game there, since rooms stay where they are.

import type { Clock } from "../net/clock.ts";
import { isReached } from "../regions/choice.ts";
import { LostRegion, type LostRegionNews } from "../regions/lost-region.ts";
import type { Region } from "../regions/region-list.ts";
import type { Regions } from "../regions/regions.ts";
import { button, element, setText, show } from "./element.ts";
import { formatRegionMs } from "./format.ts";

const WAY_ON = "This page keeps trying. Rooms stay in their region: elsewhere it is a new game.";

export interface RegionOfferParts {
  regions: Regions;
  clock: Clock;
  /** Plays in that region instead. */
  go: (region: Region) => void;
}

export class RegionOffer {
  readonly root: HTMLElement;
  readonly #lost: LostRegion;
  readonly #headline = element("p");
  readonly #note = element("p", { className: "note" });
  readonly #go: HTMLButtonElement;

  constructor({ regions, clock, go }: RegionOfferParts) {
    this.#lost = new LostRegion({ regions, clock, changed: () => this.#update() });
    this.#go = button("", "primary", () => {
      const { offer } = this.#lost.news ?? {};
      if (offer) go(offer.region);
    });
    this.root = element(
      "section",
      { className: "panel region-offer", attributes: { role: "alert" } },
      this.#headline,
      this.#note,
      element(
        "div",
        { className: "actions" },
        this.#go,
        button("Keep waiting", "secondary", () => this.#lost.dismiss()),
      ),
    );
    this.root.hidden = true;
  }

  waits(region: Region): void {
    this.#lost.waits(region);
  }

  settled(): void {
    this.#lost.settled();
  }

  #update(): void {
    const { news } = this.#lost;
    show(this.root, news !== undefined);
    if (news === undefined) return;
    const { headline, note } = lossWords(news);
    setText(this.#headline, headline);
    setText(this.#note, note);
    const { offer } = news;
    show(this.#go, offer !== undefined);
    if (offer) setText(this.#go, `Play in ${offer.region.name} (${formatRegionMs(offer.rttMs)})`);
  }
}

export function lossWords({ lost, reach, isAlone }: LostRegionNews): { headline: string; note: string } {
  if (isReached(reach)) return { headline: `${lost.name} answers, but its game cannot be joined.`, note: WAY_ON };
  return {
    headline: `${lost.name} does not answer.`,
    note: isAlone ? "Nor does any other region. This page keeps trying." : WAY_ON,
  };
}
