// Watches the targets of this server's group, its own above all: `draining` is how a server learns that it must go, long before SIGTERM. One
// question answers for all servers, so it also says who else is leaving.

import type { Clock } from "../clock.ts";
import { POLL_JITTER } from "./deadlines.ts";

/** A target's state in AWS's words. */
export type TargetState =
  | "initial"
  | "healthy"
  | "unhealthy"
  | "unhealthy.draining"
  | "draining"
  | "unused"
  | "unavailable";

export interface TargetHealth {
  /** All targets of the group by address, host:port. Rejects when the API does not answer. */
  describe(): Promise<ReadonlyMap<string, TargetState>>;
  /** The group's deregistration delay, milliseconds. */
  deregistrationDelayMs(): Promise<number>;
}

export interface TargetWatchLog {
  warn(fields: object, message?: string): void;
}

export interface TargetWatchDependencies {
  readonly clock: Clock;
  readonly health: TargetHealth;
  /** This server's. */
  readonly address: string;
  readonly pollMs: number;
  /** Longest interval while nobody answers. */
  readonly backOffMaxMs: number;
  /** 0 … less than 1. */
  readonly random: () => number;
  readonly log: TargetWatchLog;
  /** The own target is on its way out, since `unnoticedMs` at most; called once. */
  readonly onDraining: (unnoticedMs: number) => void;
}

/** Every target asks: so that all of them together stay below the ten questions a second that AWS allows an account, each waits so long per target. */
const PER_TARGET_MS = 150;
/** A target that vanished without ever being `draining` is gone when it is missing this often in a row … */
const GONE_POLLS = 3;

/** A target that is not registered so long after its server began has another address than its server believes. */
export const UNKNOWN_MS = 60_000;
/** Addresses that are told beside it. */
const KNOWN_TOLD_MAX = 5;

export class TargetWatch {
  readonly #deps: TargetWatchDependencies;
  #targets: ReadonlyMap<string, TargetState> = new Map();
  #asking: Promise<void> | undefined;
  #failures = 0;
  #missing = 0;
  /** Before it was seen registered, `draining` is about a former server that had the same address. */
  #wasIn = false;
  /** When it was last asked for and was registered. */
  #servedAtMs = 0;
  #told = false;
  #beganAtMs = 0;
  #warned = false;
  #closed = false;
  #stopTimer: () => void = () => {};

  constructor(deps: TargetWatchDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#beganAtMs = this.#deps.clock.now();
    void this.#poll();
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  /** From one question to the next, while there are answers. */
  get intervalMs(): number {
    return Math.max(this.#deps.pollMs, this.#targets.size * PER_TARGET_MS);
  }

  /** Addresses that the load balancer sends nobody to any more, as far as the last answer says. */
  get draining(): ReadonlySet<string> {
    const isLeaving = (state: TargetState) => state === "draining" || state === "unhealthy.draining";
    return new Set([...this.#targets].filter(([, state]) => isLeaving(state)).map(([address]) => address));
  }

  /** Asks now, or waits for the question that is under way. Never rejects: without an answer the last one stands. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #poll(): Promise<void> {
    await this.refresh();
    if (this.#closed) return;
    const { clock, backOffMaxMs, random } = this.#deps;
    const usualMs = this.intervalMs;
    const intervalMs = Math.min(Math.max(usualMs, backOffMaxMs), usualMs * 2 ** this.#failures);
    const jitter = 1 + POLL_JITTER * (2 * random() - 1);
    this.#stopTimer = clock.after(intervalMs * jitter, () => void this.#poll());
  }

  async #ask(): Promise<void> {
    const { clock, health, log } = this.#deps;
    const askedAtMs = clock.now();
    try {
      this.#targets = await health.describe();
    } catch (error) {
      if (this.#failures === 0 && !this.#closed) log.warn({ event: "targets-unknown", err: error });
      this.#failures += 1;
      return;
    }
    this.#failures = 0;
    const isLeaving = this.#isLeaving(askedAtMs);
    if (!isLeaving || this.#told || this.#closed) return;
    this.#told = true;
    this.#deps.onDraining(clock.now() - this.#servedAtMs);
  }

  #isLeaving(askedAtMs: number): boolean {
    const state = this.#targets.get(this.#deps.address);
    if (state === "draining" || state === "unhealthy.draining") return this.#wasIn;
    if (state !== undefined) {
      this.#wasIn = true;
      this.#servedAtMs = askedAtMs;
      this.#missing = 0;
      return false;
    }
    if (!this.#wasIn) this.#warnIfUnknown();
    // … and an empty group says nothing about this server: a load balancer that starts again knows no targets for a moment.
    if (this.#wasIn && this.#targets.size > 0) this.#missing += 1;
    return this.#missing >= GONE_POLLS;
  }

  #warnIfUnknown(): void {
    const { address, clock, log } = this.#deps;
    if (this.#warned || clock.now() - this.#beganAtMs < UNKNOWN_MS) return;
    this.#warned = true;
    log.warn({ event: "target-unknown", address, known: [...this.#targets.keys()].slice(0, KNOWN_TOLD_MAX) });
  }
}
