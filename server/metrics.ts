// What a server counts, for Prometheus. One registry for each server, so that several can live in one test process.

import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RefusalCode } from "../game/protocol/index.ts";
import type { ClusterMetrics } from "./cluster/telemetry.ts";
import { clusterMetrics } from "./cluster-metrics.ts";
import type { SessionMetrics } from "./gateway/session-context.ts";
import { PeriodCounter } from "./period-figures.ts";
import type { Arrival } from "./room/input-queue.ts";

/** Fine between what a full basin takes and what a full arena may. */
const TICK_BUCKETS_SECONDS = [
  ...[0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.01],
  ...[0.012, 0.014, 0.016, 0.018, 0.02, 0.024, 0.028, 0.033, 0.066],
];
const LOOP_RESOLUTION_MS = 10;
const NS_PER_SECOND = 1e9;

/** Read when somebody scrapes. */
export interface Levels {
  players(): number;
  connections(): number;
  rooms(): number;
  remoteRooms(): number;
}

export class Metrics implements SessionMetrics {
  readonly registry = new Registry();
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  readonly #ticks: Histogram;
  readonly #droppedSteps: Counter;
  /** Counted for every message, thousands of times a second: plain numbers, and counters only when somebody scrapes. */
  readonly #messages = { in: 0, bytesIn: 0 };
  readonly #inputs = new Map<Arrival, number>();
  readonly #snapshotsOut: Counter;
  readonly #snapshotBytesOut: Counter;
  readonly #snapshotsSkipped: Counter;
  readonly #refused: Counter<"code">;
  readonly #moves: Counter<"step">;
  readonly #lost: Counter;
  /** For lines that tell of one period each; whoever writes them takes it. */
  readonly period = new PeriodCounter();
  #tickGapMaxMs = 0;
  /** Players offered another connection, gone after such an offer, come by a ticket. */
  readonly moves = { offered: 0, out: 0, in: 0 };
  /** What the cluster counts. */
  readonly cluster: ClusterMetrics;

  constructor(label: { server: string; version: string }) {
    const registers = [this.registry];
    this.registry.setDefaultLabels(label);
    const counter = (name: string, help: string) => new Counter({ name: `tidegate_${name}`, help, registers });
    this.#ticks = new Histogram({
      name: "tidegate_tick_seconds",
      help: "Time that one step of one room took, encoding and fan-out included.",
      buckets: TICK_BUCKETS_SECONDS,
      registers,
    });
    this.#droppedSteps = counter(
      "dropped_steps_total",
      "Steps that were not made up for after the process was held up.",
    );
    const total = (name: string, help: string, read: () => number) =>
      new Counter({
        name: `tidegate_${name}`,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    total("messages_in_total", "Messages from sockets.", () => this.#messages.in);
    total("bytes_in_total", "Bytes of messages from sockets.", () => this.#messages.bytesIn);
    this.#snapshotsOut = counter("snapshots_out_total", "Snapshots written to sockets.");
    this.#snapshotBytesOut = counter(
      "snapshot_bytes_out_total",
      "Bytes of snapshots written to sockets, framing included.",
    );
    this.#snapshotsSkipped = counter(
      "snapshots_skipped_total",
      "Snapshots not written because a socket was not drained.",
    );
    const inputs = this.#inputs;
    new Counter({
      name: "tidegate_inputs_total",
      help: "Inputs by what became of them on arrival.",
      labelNames: ["arrival"],
      registers,
      collect() {
        this.reset();
        for (const [arrival, count] of inputs) this.inc({ arrival }, count);
      },
    });
    this.#refused = new Counter({
      name: "tidegate_refused_total",
      help: "Refusals by code.",
      labelNames: ["code"],
      registers,
    });
    this.#moves = new Counter({
      name: "tidegate_moves_total",
      help: "Players offered another connection, gone after such an offer, come by a ticket.",
      labelNames: ["step"],
      registers,
    });
    this.#lost = counter("lost_connections_total", "Players' connections that broke without a goodbye.");
    this.cluster = clusterMetrics(this.registry);
    this.#loop.enable();
  }

  /** Adds the gauges; called once, when there is something to read. */
  watch(levels: Levels): void {
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name: `tidegate_${name}`,
        help,
        registers: [this.registry],
        collect() {
          this.set(read());
        },
      });
    gauge("players", "Players with a seat whose socket is on this server.", levels.players);
    gauge("connections", "Open sockets.", levels.connections);
    gauge("rooms", "Rooms that this server owns.", levels.rooms);
    gauge("remote_rooms", "Rooms of other servers that have players here.", levels.remoteRooms);
    gauge("memory_resident_bytes", "Resident memory of the process.", () => process.memoryUsage.rss());
    gauge("cpu_seconds", "CPU time of the process so far.", () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
    const lag = (percentile: number) => this.#loop.percentile(percentile) / NS_PER_SECOND - LOOP_RESOLUTION_MS / 1000;
    gauge("tick_gap_max_seconds", "Longest time between two ticks of a room with people since the last scrape.", () => {
      const seconds = this.#tickGapMaxMs / 1000;
      this.#tickGapMaxMs = 0;
      return seconds;
    });
    gauge("event_loop_lag_p50_seconds", "Median event-loop delay since the last scrape.", () => Math.max(0, lag(50)));
    gauge("event_loop_lag_p99_seconds", "99th percentile of it; read last, then counted anew.", () => {
      const seconds = Math.max(0, lag(99));
      this.#loop.reset();
      return seconds;
    });
  }

  close(): void {
    this.#loop.disable();
    this.registry.clear();
  }

  /** `gapMs`: since the tick before; 0 when nobody waited for it. */
  tick(durationMs: number, gapMs: number): void {
    this.#ticks.observe(durationMs / 1000);
    this.#tickGapMaxMs = Math.max(this.#tickGapMaxMs, gapMs);
    this.period.tickGap(gapMs);
  }

  droppedSteps(count: number): void {
    this.#droppedSteps.inc(count);
  }

  arrival(arrival: Arrival): void {
    this.#inputs.set(arrival, (this.#inputs.get(arrival) ?? 0) + 1);
  }

  messageIn(bytes: number): void {
    this.#messages.in += 1;
    this.#messages.bytesIn += bytes;
  }

  snapshotsOut(count: number, bytes: number): void {
    this.#snapshotsOut.inc(count);
    this.#snapshotBytesOut.inc(bytes);
  }

  snapshotsSkipped(count: number): void {
    this.#snapshotsSkipped.inc(count);
  }

  refused(code: RefusalCode): void {
    this.#refused.inc({ code });
    this.period.refused(code);
  }

  lost(): void {
    this.#lost.inc();
    this.period.lost();
  }

  moveOffered(): void {
    this.#move("offered");
  }

  movedOut(): void {
    this.#move("out");
  }

  movedIn(): void {
    this.#move("in");
  }

  #move(step: "offered" | "out" | "in"): void {
    this.moves[step] += 1;
    this.#moves.inc({ step });
  }
}
