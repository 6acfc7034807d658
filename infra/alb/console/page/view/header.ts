// The top of the page: whose console this is, whether its figures are fresh, and a button that stops it moving.

import { html, nothing } from "lit-html";
import type { ConsoleState } from "../../state.ts";
import type { FeedStatus } from "../feed.ts";
import { duration } from "../format.ts";
import type { View } from "./parts.ts";

export interface HeaderProps {
  readonly state: ConsoleState | undefined;
  readonly status: FeedStatus;
  readonly sinceAnswerMs: number;
  readonly onPause: (paused: boolean) => void;
}

export function header({ state, status, sinceAnswerMs, onPause }: HeaderProps): View {
  const paused = status === "paused";
  return html`<header class="top">
      <img src="/console/icon.svg" alt="" width="34" height="34" />
      <div class="who">
        <h1>${title(state)}</h1>
        <p class="dim">${state ? subtitle(state) : "Tidegate"}</p>
      </div>
      <div class="pulse">
        <span class="freshness" data-status=${status}>${freshness(status, sinceAnswerMs)}</span>
        <button type="button" aria-pressed=${paused} @click=${() => onPause(!paused)}>
          ${paused ? "Go on" : "Pause"}
        </button>
      </div>
    </header>
    <div role="status">${notice(status, sinceAnswerMs)}</div>`;
}

function title(state: ConsoleState | undefined): string {
  const names = state?.loadBalancers.map((each) => each.name) ?? [];
  return names.length === 0 ? "Load balancer" : names.join(", ");
}

function subtitle({ loadBalancers, nowMs, startedAtMs }: ConsoleState): string {
  const up = `up ${duration(nowMs - startedAtMs)}`;
  const [only, ...others] = loadBalancers;
  if (!only) return `no load balancer yet · ${up}`;
  return others.length > 0 ? `${loadBalancers.length} load balancers · ${up}` : `${only.dnsName} · ${up}`;
}

function freshness(status: FeedStatus, sinceAnswerMs: number): string {
  switch (status) {
    case "waiting":
      return "connecting";
    case "live":
      return "live";
    case "paused":
      return `paused, ${duration(sinceAnswerMs)} old`;
    case "lost":
      return `no answer, ${duration(sinceAnswerMs)} old`;
    case "outdated":
      return "outdated";
  }
}

function notice(status: FeedStatus, sinceAnswerMs: number): View {
  if (status === "outdated")
    return html`<p class="notice">The load balancer is newer than this page: load it again.</p>`;
  // One answer may be late without anybody needing to know.
  if (status !== "lost" || sinceAnswerMs < 3_000) return nothing;
  return html`<p class="notice">The load balancer does not answer. What you see is old; the page keeps asking.</p>`;
}
