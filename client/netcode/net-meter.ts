// Measures the connection as the player feels it: gaps, corrections, bytes, round trips. Reports nothing that it was told by others.

import type { NetMark } from "./render-state.ts";
import { Samples } from "./samples.ts";

/** Gaps and corrections that are kept for the net graph. */
export const METER_SAMPLES_MAX = 120;
/** Marks that are kept for the net graph. */
export const MARKS_MAX = 8;
const ROUND_TRIPS_MAX = 8;
/** Time over which bytes are averaged, milliseconds. */
const RATE_WINDOW_MS = 2_000;
/** How much one gap weighs in the smoothed jitter. */
const JITTER_SHARE = 1 / 16;

interface Reading {
  atMs: number;
  down: number;
  up: number;
}

export class NetMeter {
  readonly gapsMs: Samples;
  readonly correctionsPx: Samples;
  snapshots = 0;
  keyframes = 0;
  maxGapMs = 0;
  jitterMs = 0;
  disconnects = 0;
  readonly #roundTripsMs = new Samples(ROUND_TRIPS_MAX);
  #lastSnapshot: { atMs: number; tick: number } | undefined;
  #readings: Reading[] = [];
  #marks: NetMark[] = [];

  /** `samplesMax` gaps and corrections are kept. */
  constructor(samplesMax = METER_SAMPLES_MAX) {
    this.gapsMs = new Samples(samplesMax);
    this.correctionsPx = new Samples(samplesMax);
  }

  get marks(): readonly NetMark[] {
    return this.#marks;
  }

  mark(text: string): void {
    this.#marks = [...this.#marks.slice(1 - MARKS_MAX), { atSnapshot: this.snapshots, text }];
  }

  snapshot(tick: number, isKeyframe: boolean, atMs: number, tickMs: number): void {
    this.snapshots += 1;
    if (isKeyframe) this.keyframes += 1;
    if (this.#lastSnapshot) {
      const gapMs = atMs - this.#lastSnapshot.atMs;
      this.gapsMs.add(gapMs);
      this.maxGapMs = Math.max(this.maxGapMs, gapMs);
      const unevenMs = Math.abs(gapMs - (tick - this.#lastSnapshot.tick) * tickMs);
      this.jitterMs += (unevenMs - this.jitterMs) * JITTER_SHARE;
    }
    this.#lastSnapshot = { atMs, tick };
  }

  roundTrip(rttMs: number): void {
    this.#roundTripsMs.add(rttMs);
  }

  /** Another way: what was measured before says nothing about it. */
  moved(rttMs: number): void {
    this.#roundTripsMs.clear();
    this.#roundTripsMs.add(rttMs);
  }

  get rttMs(): number {
    return this.#roundTripsMs.quantile(0.5);
  }

  /** Reads the byte counters; often enough is a few times a second. */
  bytes(down: number, up: number, atMs: number): void {
    const last = this.#readings.at(-1);
    if (last && atMs - last.atMs < RATE_WINDOW_MS / 8) return;
    this.#readings.push({ atMs, down, up });
    while (this.#readings.length > 2 && atMs - this.#readings[1]!.atMs >= RATE_WINDOW_MS) this.#readings.shift();
  }

  get bytesPerSecond(): { down: number; up: number } {
    const first = this.#readings[0];
    const last = this.#readings.at(-1);
    if (!first || !last || last.atMs === first.atMs) return { down: 0, up: 0 };
    const seconds = (last.atMs - first.atMs) / 1000;
    return { down: (last.down - first.down) / seconds, up: (last.up - first.up) / seconds };
  }
}
