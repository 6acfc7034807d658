// The regions on the start screen: how far each is, which one is played in. Nothing is shown where there is nothing to choose.

import { isFailed, isReached, type Reach } from "../regions/choice.ts";
import type { Region } from "../regions/region-list.ts";
import type { Regions } from "../regions/regions.ts";
import { element, setText, show } from "./element.ts";
import { formatRegionMs, reachGrade } from "./format.ts";

interface Row {
  region: Region;
  root: HTMLElement;
  input: HTMLInputElement;
  distance: HTMLElement;
}

export class RegionPicker {
  readonly root = element("fieldset", { className: "regions" });
  readonly #choices = element("div", { className: "region-choices" });
  readonly #regions: Regions;
  #rows: Row[] = [];

  constructor(regions: Regions) {
    this.#regions = regions;
    this.root.append(element("legend", { text: "Region" }), this.#choices);
    this.root.hidden = true;
    regions.watch(() => this.#update());
  }

  #update(): void {
    const { all, current, nearest } = this.#regions;
    show(this.root, all.length > 1);
    if (this.#rows.length !== all.length) this.#make(all);
    for (const { region, root, input, distance } of this.#rows) {
      const reach = this.#regions.reach(region);
      input.checked = region === current;
      input.disabled = isFailed(reach);
      root.dataset.grade = reachGrade(reach);
      setText(distance, distanceText(reach, region === nearest));
    }
  }

  #make(all: readonly Region[]): void {
    this.#rows = all.map((region) => {
      const input = element("input", { attributes: { type: "radio", name: "region", value: region.id } });
      input.addEventListener("change", () => this.#regions.choose(region));
      const distance = element("span", { className: "region-distance" });
      const bars = element("span", { className: "region-bars", attributes: { "aria-hidden": "true" } });
      bars.append(element("i"), element("i"), element("i"));
      const words = element("span", { className: "region-words" }, element("b", { text: region.name }), distance);
      return { region, root: element("label", { className: "region" }, input, bars, words), input, distance };
    });
    this.#choices.replaceChildren(...this.#rows.map(({ root }) => root));
  }
}

function distanceText(reach: Reach, isNearest: boolean): string {
  if (isFailed(reach)) return reach.failed;
  if (!isReached(reach)) return "measuring…";
  return isNearest ? `${formatRegionMs(reach.rttMs)} · nearest` : formatRegionMs(reach.rttMs);
}
