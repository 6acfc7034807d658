// One small chart of CloudWatch metrics, with its title and its values: now, or where the reader points.

import { html, render } from "lit-html";
import uPlot from "uplot";
import type { ChartsView } from "../state.ts";
import type { ChartSpec } from "./chart-list.ts";
import { timeOfDay } from "./format.ts";
import { colour, newPlot } from "./plot.ts";

const DASHES = [[], [5, 3]] as const;

export class MetricChart {
  readonly #spec: ChartSpec;
  readonly #head = document.createElement("div");
  readonly #host = document.createElement("div");
  readonly #plot: uPlot;
  #data: uPlot.AlignedData = [[]];
  #pointed: number | undefined;

  constructor(spec: ChartSpec, parent: HTMLElement) {
    this.#spec = spec;
    const card = document.createElement("article");
    card.className = "card chart";
    this.#head.className = "chart-head";
    this.#host.className = "plot";
    this.#host.setAttribute("role", "img");
    const frame = document.createElement("div");
    frame.className = "plot-frame";
    frame.append(this.#host);
    card.append(this.#head, frame);
    parent.append(card);
    this.#plot = newPlot({
      ...{ host: this.#host, write: spec.write, whole: spec.whole ?? false },
      series: spec.series.map(({ name }, index) => ({
        ...{ label: name, width: 1.5, spanGaps: !spec.gaps, dash: [...(DASHES[index] ?? [])] },
        points: { show: spec.gaps ?? false, size: 4, filter: alone },
        stroke: () => colour(`--line-${index}`),
        ...(spec.filled && { fill: () => colour("--fill-0") }),
        ...(spec.stepped && { paths: uPlot.paths.stepped!({ align: 1 }) }),
      })),
      onPoint: (index) => {
        this.#pointed = index;
        this.#writeHead();
      },
    });
  }

  /** Shows the last `windowSeconds` of the data. */
  update({ firstSecond, seconds, metrics }: ChartsView, windowSeconds: number): void {
    const shown = Math.min(seconds, windowSeconds);
    const begin = firstSecond + seconds - shown;
    this.#data = [
      Array.from({ length: shown }, (_, index) => begin + index),
      ...this.#spec.series.map(({ key }) => metrics[key].slice(seconds - shown)),
    ] as uPlot.AlignedData;
    this.#plot.batch(() => {
      this.#plot.setData(this.#data);
      this.#plot.setScale("x", { min: firstSecond + seconds - windowSeconds, max: firstSecond + seconds - 1 });
    });
    this.#writeHead();
    this.#host.setAttribute("aria-label", this.#description());
  }

  #writeHead(): void {
    const { title, source, series, write } = this.#spec;
    const times = this.#data[0];
    const index = this.#pointed ?? times.length - 1;
    // Where nobody points, what was known last stands for now.
    const value = (line: number) =>
      this.#pointed === undefined ? lastOf(this.#data[line + 1]) : this.#data[line + 1]?.[index];
    const text = (found: number | null | undefined) => (found === null || found === undefined ? "–" : write(found));
    render(
      html`<h3 title=${source}>${title}</h3>
        <p class="value">
          ${series.map(({ name }, line) => html`<span>${series.length > 1 ? html`<i class="key" data-line=${line}></i><span class="dim">${name}</span> ` : ""}<b>${text(value(line))}</b></span>`)}
        </p>
        ${this.#pointed !== undefined && times[index] !== undefined ? html`<p class="moment dim">${timeOfDay(times[index] * 1000)}</p>` : ""}`,
      this.#head,
    );
  }

  #description(): string {
    const { title, series, write } = this.#spec;
    const parts = series.map(({ name }, line) => {
      const values = (this.#data[line + 1] ?? []).filter((value) => value !== null && value !== undefined);
      if (values.length === 0) return `${name}: nothing yet`;
      return `${name}: now ${write(values.at(-1)!)}, most ${write(Math.max(...values))}`;
    });
    return `Chart of ${title.toLowerCase()} over time. ${parts.join(". ")}.`;
  }
}

const lastOf = (values: ArrayLike<number | null | undefined> = []) =>
  Array.from(values).findLast((value) => value !== null && value !== undefined);

/** Values with nothing on either side: a line cannot show them. */
function alone({ data }: uPlot, line: number): number[] {
  const values = data[line] ?? [];
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  return Array.from(values, (_, index) => index).filter(
    (index) => known(index) && !known(index - 1) && !known(index + 1),
  );
}
