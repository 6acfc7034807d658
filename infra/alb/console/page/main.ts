// The console page: asks for the state, draws it, every second anew. lit-html touches only what has changed and sets every
// text as text, whatever somebody called a target group.

import "uplot/dist/uPlot.min.css";
import "./style/main.css";
import { html, nothing, render } from "lit-html";
import type { ConsoleState } from "../state.ts";
import { chartList } from "./chart-list.ts";
import { startFeed } from "./feed.ts";
import { Looks } from "./looks.ts";
import { MetricChart } from "./metric-chart.ts";
import { SocketChart } from "./socket-chart.ts";
import { connections } from "./view/connections.ts";
import { events } from "./view/events.ts";
import { header } from "./view/header.ts";
import { listeners } from "./view/listeners.ts";
import type { View } from "./view/parts.ts";
import { targetGroups } from "./view/targets.ts";

const REDRAW_MS = 1_000;
const windows = [
  { seconds: 60, name: "1 min" },
  { seconds: 300, name: "5 min" },
] as const;

const page = document.getElementById("page")!;
const looks = new Looks();
let windowSeconds: number = windows[0].seconds;
let charts: { readonly sockets: SocketChart; readonly metrics: readonly MetricChart[] } | undefined;

const feed = startFeed(draw);
// The time goes on without an answer as well; a redraw with nothing new costs nothing.
setInterval(() => {
  if (feed.status === "paused" || feed.status === "lost") draw();
}, REDRAW_MS);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

function draw(): void {
  const { state, status } = feed;
  const sinceAnswerMs = performance.now() - feed.answeredAtMs;
  const onPause = (paused: boolean) => feed.pause(paused);
  render(html`${header({ state, status, sinceAnswerMs, onPause })}${state ? body(state) : nothing}`, page);
  if (state) drawCharts(state);
}

const body = (state: ConsoleState): View => {
  looks.follow(targetKeys(state));
  return html`<main>
    <div class="left">${targetGroups(state.targetGroups, state.nowMs, looks)} ${events(state.events)}</div>
    <section class="sockets" aria-labelledby="sockets-title">
      <div class="with-choice">
        <h2 id="sockets-title">WebSockets by target</h2>
        ${windowChoice()}
      </div>
      <div class="card">
        <div id="socket-legend"></div>
        <div class="plot-frame"><div id="socket-plot" class="plot" role="img"></div></div>
      </div>
    </section>
    <section class="metrics" aria-labelledby="metrics-title">
      <h2 id="metrics-title">Metrics</h2>
      <div id="metric-charts"></div>
    </section>
    ${listeners(state.loadBalancers)} ${connections(state.connections, state.nowMs)}
  </main>`;
};

const windowChoice = (): View => html`<fieldset class="choice">
  <legend class="hidden">Time that the charts show</legend>
  ${windows.map(
    ({ seconds, name }) => html`<label
      ><input
        type="radio"
        name="window"
        .checked=${seconds === windowSeconds}
        @change=${() => {
          windowSeconds = seconds;
          draw();
        }}
      />${name}</label
    >`,
  )}
</fieldset>`;

/** Registered targets first: those that are gone keep their colour while the chart shows them. */
const targetKeys = ({ targetGroups, charts }: ConsoleState): string[] => [
  ...targetGroups.flatMap((group) => group.targets.map((target) => target.key)),
  ...charts.webSockets.map((series) => series.key),
];

function isLeaving({ targetGroups }: ConsoleState): (key: string) => boolean {
  const staying = targetGroups.flatMap((group) => group.targets.filter(({ state }) => state !== "draining"));
  const keys = new Set(staying.map((target) => target.key));
  return (key) => !keys.has(key);
}

function drawCharts(state: ConsoleState): void {
  const element = (id: string) => document.getElementById(id)!;
  charts ??= {
    sockets: new SocketChart(element("socket-plot"), element("socket-legend"), looks),
    metrics: chartList.map((spec) => new MetricChart(spec, element("metric-charts"))),
  };
  charts.sockets.update(state, isLeaving(state), windowSeconds);
  for (const chart of charts.metrics) chart.update(state.charts, windowSeconds);
}
