// The console: a page for people who look on, and the document that it asks for once a second. Read-only.
// Nothing is computed while nobody looks; what needs a memory of its own is target-watch.ts, and the metric history.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { State } from "../model/store.ts";
import type { TargetKey } from "../model/types.ts";
import type { ObservedHealth } from "../routing/usable-targets.ts";
import { type Bundle, bundlePage } from "./bundle.ts";
import { chartMetrics, type ReadableHistory } from "./charts.ts";
import { lookAtConnections, type OpenConnection } from "./connections.ts";
import { describeLoadBalancers, describeTargetGroups } from "./describe.ts";
import { socketSeries } from "./socket-series.ts";
import { type ConsoleState, stateVersion } from "./state.ts";
import { type DescribeHealth, TargetWatch } from "./target-watch.ts";

export interface ConsoleDependencies {
  readonly clock: Clock;
  readonly state: () => State;
  readonly status: ObservedHealth;
  readonly describeHealth: DescribeHealth;
  readonly outstanding: (key: TargetKey) => number;
  /** Oldest first. */
  readonly clients: () => ReadonlySet<OpenConnection>;
  readonly history: ReadableHistory;
}

export interface PageAnswer {
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Nothing from elsewhere, nothing inline, nobody's frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const headers = {
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

export class Console {
  readonly targets: TargetWatch;
  readonly #deps: ConsoleDependencies;
  readonly #startedAtMs: number;
  #bundle: Promise<Bundle> | undefined;
  #latest: { readonly atMs: number; readonly state: Omit<ConsoleState, "charts"> } | undefined;

  constructor(deps: ConsoleDependencies) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.nowMs();
    this.targets = new TargetWatch(deps.clock, deps.describeHealth);
  }

  /** What a GET of this path gets; undefined when it is none of the console's. Rejects when the page cannot be made. */
  async answer(path: string, query: URLSearchParams): Promise<PageAnswer | undefined> {
    switch (path) {
      case "/":
        return page("text/html; charset=utf-8", await pageFile("index.html"));
      case "/console/icon.svg":
        return page("image/svg+xml", await pageFile("icon.svg"));
      case "/console/main.js":
        return page("text/javascript; charset=utf-8", (await this.#page()).script);
      case "/console/main.css":
        return page("text/css; charset=utf-8", (await this.#page()).style);
      case "/console/state":
        return page("application/json", JSON.stringify(this.look(Number(query.get("after") ?? 0))));
      default:
        return undefined;
    }
  }

  /** The charts begin behind the second `after`, or as far back as they go. */
  look(after: number): ConsoleState {
    const { clock, history, state } = this.#deps;
    const nowMs = clock.nowMs();
    // The present second is not over yet.
    const lastSecond = Math.floor(nowMs / 1000) - 1;
    const oldestSecond = lastSecond - limits.keptMetricSeconds + 1;
    const firstSecond = Math.min(Math.max(oldestSecond, Math.floor(after) + 1 || 0), lastSecond + 1);
    const seconds = lastSecond - firstSecond + 1;
    return {
      ...this.#lately(nowMs),
      charts: {
        ...{ firstSecond, seconds },
        metrics: chartMetrics(history, state(), firstSecond, seconds),
        webSockets: socketSeries(history, firstSecond, seconds),
      },
    };
  }

  #lately(nowMs: number): Omit<ConsoleState, "charts"> {
    if (this.#latest && nowMs - this.#latest.atMs < limits.consoleStateMs) return this.#latest.state;
    const { clients, state, status, describeHealth, outstanding } = this.#deps;
    const { byPort, byTarget, ...connections } = lookAtConnections(clients());
    const observed = {
      ...{ status, outstanding, describe: describeHealth },
      sinceMs: (key: TargetKey) => this.targets.sinceMs(key),
      webSockets: (key: TargetKey) => byTarget.get(key) ?? 0,
    };
    const now = {
      ...{ version: stateVersion, nowMs, startedAtMs: this.#startedAtMs, connections },
      loadBalancers: describeLoadBalancers(state(), byPort),
      targetGroups: describeTargetGroups(state(), observed),
      events: this.targets.events,
    };
    this.#latest = { atMs: nowMs, state: now };
    return now;
  }

  #page(): Promise<Bundle> {
    this.#bundle ??= bundlePage().catch((error: Error) => {
      this.#bundle = undefined;
      throw error;
    });
    return this.#bundle;
  }
}

const page = (contentType: string, body: string): PageAnswer => ({ contentType, body, headers });

const pageFile = (name: string) => readFile(join(import.meta.dirname, "page", name), "utf8");
