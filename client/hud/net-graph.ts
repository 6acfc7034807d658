// What the connection feels like, in numbers and bars; and the path that messages take. Opened with N.

import type { GameSession } from "../netcode/game-session.ts";
import type { NetMark, NetStats, RenderState } from "../netcode/render-state.ts";
import type { Region } from "../regions/region-list.ts";
import { writeRoomAddress } from "../regions/room-address.ts";
import { element, setText, show } from "./element.ts";
import { formatMs, formatRate } from "./format.ts";

const BARS_WIDTH = 264;
const BARS_HEIGHT = 44;
const BAR_PX = 3;
/** Height of the gap scale, milliseconds, and of the correction scale, pixels. */
const GAP_FULL_MS = 150;
const CORRECTION_FULL_PX = 24;
const INTERVAL_MS = 1000 / 30;
/** Marks that follow each other closely stand below each other. */
const MARK_ROWS = 2;
const MARK_ROW_PX = 10;

const FIGURES = {
  "Round trip": (s: NetStats) => formatMs(s.rttMs),
  Jitter: (s: NetStats) => formatMs(s.jitterMs),
  "Largest gap": (s: NetStats) => formatMs(s.maxGapMs),
  "Others drawn behind": (s: NetStats) => formatMs(s.interpolationDelayMs),
  "Own boat ahead": (s: NetStats) => `${s.leadTicks.toFixed(1)} ticks`,
  "Inputs early by": (s: NetStats) => `${s.marginTicks.toFixed(1)} ticks`,
  "Inputs sent / acked": (s: NetStats) => `${s.inputs.sent} / ${s.inputs.acked}`,
  "Lost / doubled": (s: NetStats) => `${s.inputs.lost} / ${s.inputs.doubled}`,
  "Down / up": (s: NetStats) => `${formatRate(s.bytesPerSecondDown)} / ${formatRate(s.bytesPerSecondUp)}`,
  "Snapshots / keyframes": (s: NetStats) => `${s.snapshots} / ${s.keyframes}`,
  "Disconnects / moves": (s: NetStats) => `${s.disconnects} / ${s.moves}`,
} satisfies Record<string, (stats: NetStats) => string>;

export class NetGraph {
  readonly root: HTMLElement;
  readonly #path = element("ol", { className: "net-path", attributes: { "aria-label": "Path of your messages" } });
  readonly #details = element("p", { className: "net-details" });
  readonly #values: { value: HTMLElement; read: (stats: NetStats) => string }[] = [];
  readonly #gaps = bars("Time between snapshots");
  readonly #corrections = bars("Corrections of the own boat");

  /** `network` stands below the figures: what the page does to the network. */
  constructor(network: HTMLElement) {
    const figures = element("dl", { className: "net-figures" });
    for (const [label, read] of Object.entries(FIGURES)) {
      const value = element("dd");
      figures.append(element("dt", { text: label }), value);
      this.#values.push({ value, read });
    }
    this.root = element(
      "section",
      { className: "panel net-graph", attributes: { "aria-label": "Net graph" } },
      this.#path,
      this.#details,
      caption("Time between snapshots, 0 … 150 ms"),
      this.#gaps,
      caption("Corrections of the own boat, 0 … 24 px"),
      this.#corrections,
      figures,
      network,
    );
    this.root.hidden = true;
  }

  toggle(): void {
    show(this.root, this.root.hidden === true);
  }

  update(session: GameSession, stats: NetStats, state: RenderState, region: Region | undefined): void {
    if (this.root.hidden) return;
    this.#updatePath(session, stats.marks.at(-1), state, region);
    for (const { value, read } of this.#values) setText(value, read(stats));
    drawBars(this.#gaps, stats.gapsMs, GAP_FULL_MS, INTERVAL_MS, (gap) => gap > INTERVAL_MS * 2);
    drawMarks(this.#gaps, stats.marks, stats.snapshots);
    drawBars(this.#corrections, stats.correctionsPx, CORRECTION_FULL_PX, undefined, (px) => px > 4);
  }

  #updatePath(
    { path, welcome }: GameSession,
    lastMark: NetMark | undefined,
    state: RenderState,
    region: Region | undefined,
  ): void {
    const stations = path
      ? [
          "you",
          region ? `ALB in ${region.name}` : "ALB",
          `gateway ${path.gateway.id} (${path.gateway.version})`,
          `owner ${path.owner.id} (${path.owner.version})`,
        ]
      : ["you", "no server: practice"];
    if (this.#path.dataset.shown !== stations.join()) {
      this.#path.dataset.shown = stations.join();
      this.#path.replaceChildren(...stations.map((station) => element("li", { text: station })));
    }
    const parts =
      path && welcome
        ? [`room ${writeRoomAddress(region?.id, welcome.room)}`, `seat ${welcome.seat}`, `epoch ${path.epoch}`]
        : [];
    if (state.waters === "arena")
      parts.push(`${state.boats.length} of ${state.sightings.length} boats heard in detail`);
    if (lastMark) parts.push(lastMark.text);
    if (path?.traceId) parts.push(`trace ${path.traceId}`);
    setText(this.#details, parts.join(" · "));
  }
}

function caption(text: string): HTMLElement {
  return element("p", { className: "caption", text });
}

function bars(label: string): HTMLCanvasElement {
  const canvas = element("canvas", { className: "bars", attributes: { role: "img", "aria-label": label } });
  canvas.width = BARS_WIDTH * 2;
  canvas.height = BARS_HEIGHT * 2;
  return canvas;
}

function drawBars(
  canvas: HTMLCanvasElement,
  values: readonly number[],
  full: number,
  mark: number | undefined,
  isBad: (value: number) => boolean,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.clearRect(0, 0, BARS_WIDTH, BARS_HEIGHT);
  const shown = values.slice(-Math.floor(BARS_WIDTH / BAR_PX));
  for (const [index, value] of shown.entries()) {
    const height = Math.max(0.5, Math.min(1, value / full) * BARS_HEIGHT);
    context.fillStyle = isBad(value) ? "#ffb057" : "#6fd3f2";
    context.fillRect(BARS_WIDTH - (shown.length - index) * BAR_PX, BARS_HEIGHT - height, BAR_PX - 1, height);
  }
  if (mark === undefined) return;
  context.fillStyle = "rgba(255,255,255,0.5)";
  context.fillRect(0, BARS_HEIGHT - (mark / full) * BARS_HEIGHT, BARS_WIDTH, 0.75);
}

/** Where the game went on over another server: a line beside the bars of that moment, with its name. */
function drawMarks(canvas: HTMLCanvasElement, marks: readonly NetMark[], snapshots: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.font = "9px system-ui, sans-serif";
  context.textBaseline = "top";
  for (const [row, { atSnapshot, text }] of marks.entries()) {
    const x = BARS_WIDTH - (snapshots - atSnapshot) * BAR_PX;
    if (x < 0) continue;
    context.fillStyle = "#ffe08a";
    context.fillRect(x, 0, 1, BARS_HEIGHT);
    const width = context.measureText(text).width;
    const left = x + 4 + width <= BARS_WIDTH ? x + 4 : x - 4 - width;
    const top = (row % MARK_ROWS) * MARK_ROW_PX;
    context.fillStyle = "rgba(4, 22, 38, 0.8)";
    context.fillRect(left - 2, top, width + 4, MARK_ROW_PX);
    context.fillStyle = "#ffe08a";
    context.fillText(text, left, top);
  }
}
