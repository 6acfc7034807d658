// What all charts have in common: axes, colours from the style sheet, one crosshair for all, their size.

import uPlot from "uplot";

/** Charts with the same key show the same moment. */
const CURSOR = uPlot.sync("console");
const PLOT_HEIGHT_PX = { small: 92, large: 236 } as const;
const AXIS_FONT = "11px system-ui, sans-serif";

/** A colour of the style sheet as it is now: it follows the reader's light or dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface PlotOptions {
  readonly host: HTMLElement;
  readonly size: keyof typeof PLOT_HEIGHT_PX;
  readonly series: readonly uPlot.Series[];
  readonly write: (value: number) => string;
  /** The reader points at this value; undefined when not. */
  readonly onPoint: (index: number | undefined) => void;
  readonly onDraw?: (plot: uPlot) => void;
}

/** It fills its host's width until `destroy()`. */
export function newPlot({ host, size, series, write, onPoint, onDraw = () => {} }: PlotOptions): uPlot {
  const height = PLOT_HEIGHT_PX[size];
  const axis = { stroke: () => colour("--dim"), font: AXIS_FONT, ticks: { show: false } };
  const options: uPlot.Options = {
    ...{ width: host.clientWidth || 300, height, legend: { show: false }, padding: [6, 4, 0, 0] },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, roundMost(most)] } },
    series: [{}, ...series],
    axes: [
      { ...axis, grid: { show: false }, size: 20, space: 70, values: (_plot, splits) => splits.map(clockTime) },
      {
        ...axis,
        grid: { stroke: () => colour("--line"), width: 1 },
        ...{ size: 52, space: 30, gap: 4 },
        values: (_plot, splits) => splits.map((value) => write(value).replace("/s", "")),
      },
    ],
    cursor: {
      ...{ y: false, drag: { x: false, y: false }, sync: { key: CURSOR.key } },
      points: { size: 6, width: 0 },
    },
    hooks: {
      setCursor: [
        (plot) =>
          onPoint(plot.cursor.left === undefined || plot.cursor.left < 0 ? undefined : (plot.cursor.idx ?? undefined)),
      ],
      draw: [onDraw],
    },
  };
  const plot = new uPlot(options, undefined, host);
  const observer = new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientWidth !== plot.width) plot.setSize({ width: host.clientWidth, height });
  });
  observer.observe(host);
  plot.hooks.destroy = [() => observer.disconnect()];
  return plot;
}

/** The next of 1, 2, 5, 10 … above, so that the scale does not jump with every value. */
function roundMost(most: number | null): number {
  if (most === null || !(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((each) => each * power >= most * 1.05) ?? 20) * power;
}

const clockTime = (second: number) =>
  new Date(second * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
