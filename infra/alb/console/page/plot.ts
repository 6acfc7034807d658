// What all charts have in common: axes, colours from the style sheet, one crosshair for all, their size.

import uPlot from "uplot";

/** Charts with the same key show the same moment. */
const CURSOR = uPlot.sync("console");
const AXIS_FONT = "11px system-ui, sans-serif";

/** A colour of the style sheet as it is now: it follows the reader's light or dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface PlotOptions {
  readonly host: HTMLElement;
  readonly series: readonly uPlot.Series[];
  readonly write: (value: number) => string;
  /** Values are numbers of things: the scale has no halves. */
  readonly whole: boolean;
  /** Least distance between two lines of the grid. */
  readonly tickSpacePx?: number;
  /** Share of the height above the highest value that stays free. */
  readonly headroom?: number;
  /** The reader points at this value; undefined when not. */
  readonly onPoint: (index: number | undefined) => void;
  readonly onDraw?: (plot: uPlot) => void;
}

/** It fills its host, whose size the style sheet gives, until `destroy()`. */
export function newPlot({
  host,
  series,
  write,
  whole,
  tickSpacePx = 30,
  headroom = 0.05,
  onPoint,
  onDraw = () => {},
}: PlotOptions): uPlot {
  const axis = { stroke: () => colour("--dim"), font: AXIS_FONT, ticks: { show: false } };
  const options: uPlot.Options = {
    ...{ ...sizeOf(host), legend: { show: false }, padding: [6, 20, 0, 0] },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, roundMost((most ?? 0) * (1 + headroom))] } },
    series: [{}, ...series],
    axes: [
      { ...axis, grid: { show: false }, size: 20, space: 70, values: (_plot, splits) => splits.map(clockTime) },
      {
        ...axis,
        grid: { stroke: () => colour("--line"), width: 1 },
        ...{ size: 48, space: tickSpacePx, gap: 4, ...(whole && { incrs: wholeSteps }) },
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
    const { width, height } = sizeOf(host);
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
  });
  observer.observe(host);
  plot.hooks.destroy = [() => observer.disconnect()];
  return plot;
}

const wholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((each) => each * 10 ** power));

/** Never nothing, whatever the layout is about to do. */
const sizeOf = (host: HTMLElement) => ({
  width: Math.max(host.clientWidth, 60),
  height: Math.max(host.clientHeight, 60),
});

/** The next round number above, so that the scale does not jump with every value. */
function roundMost(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most) ?? 10) * power;
}

const clockTime = (second: number) =>
  new Date(second * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
