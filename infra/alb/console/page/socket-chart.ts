// Open WebSockets by target, one band on another: while a target drains, its band goes over into the others.

import { html, nothing, render } from "lit-html";
import type uPlot from "uplot";
import type { ConsoleState, TargetEvent, TargetSeries } from "../state.ts";
import { count, timeOfDay } from "./format.ts";
import type { Looks } from "./looks.ts";
import { marksOf } from "./marks.ts";
import { colour, newPlot } from "./plot.ts";
import { paintMarks, paintNames } from "./socket-paint.ts";
import { swatch } from "./view/parts.ts";

export class SocketChart {
  readonly #host: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #looks: Looks;
  #plot: uPlot | undefined;
  #keys = "";
  /** From the ground up. */
  #bands: readonly TargetSeries[] = [];
  #events: readonly TargetEvent[] = [];
  #times: readonly number[] = [];
  #pointed: number | undefined;

  constructor(host: HTMLElement, legend: HTMLElement, looks: Looks) {
    this.#host = host;
    this.#legend = legend;
    this.#looks = looks;
  }

  /** `leaving` are the targets that drain or are gone: they lie on top, so that what shrinks moves nothing else. */
  update({ charts, events }: ConsoleState, leaving: (key: string) => boolean, windowSeconds: number): void {
    const { firstSecond, seconds, webSockets } = charts;
    const shown = Math.min(seconds, windowSeconds);
    const begin = firstSecond + seconds - shown;
    this.#times = Array.from({ length: shown }, (_, index) => begin + index);
    this.#bands = webSockets
      .map((each) => ({ ...each, values: each.values.slice(seconds - shown) }))
      .filter((each) => each.values.some((value) => (value ?? 0) > 0))
      .sort(
        (a, b) => Number(leaving(a.key)) - Number(leaving(b.key)) || this.#looks.rank(a.key) - this.#looks.rank(b.key),
      );
    this.#events = events;
    this.#follow();
    this.#plot?.batch(() => {
      this.#plot?.setData([[...this.#times], ...stacked(this.#bands)] as uPlot.AlignedData);
      this.#plot?.setScale("x", { min: firstSecond + seconds - windowSeconds, max: firstSecond + seconds - 1 });
    });
    this.#host.setAttribute("aria-label", this.#description());
    this.#writeLegend();
  }

  /** A plot has its series for life: other targets, another plot. */
  #follow(): void {
    const keys = this.#bands.map((each) => each.key).join(" ");
    if (this.#plot && keys === this.#keys) return;
    this.#keys = keys;
    this.#plot?.destroy();
    this.#plot = newPlot({
      ...{ host: this.#host, write: count, whole: true, tickSpacePx: 44, headroom: 0.3 },
      series: [...this.#bands].reverse().map(({ key }) => ({
        ...{ width: 1, points: { show: false } },
        stroke: () => colour("--card"),
        fill: () => colour(`--series-${this.#looks.of(key)}`),
      })),
      onPoint: (index) => {
        this.#pointed = index;
        this.#writeLegend();
      },
      onDraw: (plot) => {
        const since = (plot.scales.x?.min ?? 0) * 1000;
        paintNames(plot, this.#bands, (key) => this.#looks.of(key));
        paintMarks(plot, marksOf(this.#events.filter((event) => event.atMs >= since && this.#isShown(event))));
      },
    });
  }

  #isShown({ group, target }: TargetEvent): boolean {
    return this.#bands.some((band) => band.group === group && band.target === target);
  }

  #writeLegend(): void {
    const index = this.#pointed ?? this.#times.length - 1;
    const total = this.#bands.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
    const moment = this.#pointed !== undefined && this.#times[index] !== undefined ? this.#times[index] : undefined;
    render(
      html`<p class="value">
          <span><b class="big">${count(total)}</b> <span class="dim">${moment === undefined ? "open" : `open at ${timeOfDay(moment * 1000)}`}</span></span>
          ${this.#bands.map(({ target, key, values }) => html`<span>${swatch(this.#looks.of(key))}<span class="mono">${target}</span> <b>${count(values[index] ?? 0)}</b></span>`)}
        </p>
        ${this.#bands.length === 0 ? html`<p class="empty">No WebSocket is open.</p>` : nothing}`,
      this.#legend,
    );
  }

  #description(): string {
    const last = this.#times.length - 1;
    const parts = this.#bands.map(({ target, values }) => `${target}: ${count(values[last] ?? 0)}`);
    return `Chart of open WebSockets by target over time. ${parts.length > 0 ? `Now ${parts.join(", ")}` : "None is open"}.`;
  }
}

/** Cumulated from the ground up; the highest first, so that the lower ones are painted over it. */
function stacked(bands: readonly TargetSeries[]): number[][] {
  const sums: number[][] = [];
  for (const { values } of bands) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)));
  }
  return sums.reverse();
}
