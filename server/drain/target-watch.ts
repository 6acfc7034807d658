// Watches the targets of this server's group, its own above all: `draining` is how a server learns that it must go, long before SIGTERM. One
// question answers for all servers, so it also says who else is leaving. Where blue/green has two groups, ECS decides which of them a server is
// registered in: all are asked until one knows it, and from then on that one alone.

import type { Clock } from "../clock.ts";
import { POLL_JITTER } from "./deadlines.ts";
import {
  hasToGo,
  isDraining,
  type Membership,
  membershipAfter,
  STRANGER,
  type TargetGroup,
  type TargetState,
} from "./target-group.ts";

export interface TargetWatchLog {
  warn(fields: object, message?: string): void;
}

export interface TargetWatchDependencies {
  readonly clock: Clock;
  /** This server is a target of one of them, or will be. */
  readonly groups: readonly TargetGroup[];
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

/** Every target asks: so that those of a group together stay below the ten questions a second that AWS allows an account, each waits so long per target. */
const PER_TARGET_MS = 150;

/** A target that is not registered so long after its server began has another address than its server believes. */
export const UNKNOWN_MS = 60_000;
/** Addresses that are told beside it. */
const KNOWN_TOLD_MAX = 5;

interface WatchedGroup {
  readonly group: TargetGroup;
  targets: ReadonlyMap<string, TargetState>;
  membership: Membership;
  asking: Promise<void> | undefined;
}

export class TargetWatch {
  readonly #deps: TargetWatchDependencies;
  readonly #groups: readonly WatchedGroup[];
  /** Those that are asked each time. */
  #polled: readonly WatchedGroup[];
  #failures = 0;
  /** When it was last asked for and was registered. */
  #servedAtMs = 0;
  #told = false;
  #beganAtMs = 0;
  #warned = false;
  #closed = false;
  #stopTimer: () => void = () => {};

  constructor(deps: TargetWatchDependencies) {
    this.#deps = deps;
    this.#groups = deps.groups.map((group) => ({
      group,
      targets: new Map(),
      membership: STRANGER,
      asking: undefined,
    }));
    this.#polled = this.#groups;
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
    return Math.max(this.#deps.pollMs, addressesOf(this.#polled).size * PER_TARGET_MS);
  }

  /** Addresses that the load balancer sends nobody to any more, as far as the last answers say. */
  get draining(): ReadonlySet<string> {
    const isServed = (address: string) =>
      this.#groups.some(({ targets }) => {
        const state = targets.get(address);
        return state !== undefined && !isDraining(state);
      });
    return new Set([...addressesOf(this.#groups)].filter((address) => !isServed(address)));
  }

  /** Asks for all groups now, or waits for questions that are under way. Never rejects: without an answer the last one stands. */
  async refresh(): Promise<void> {
    await this.#ask(this.#groups);
    this.#judge();
  }

  async #poll(): Promise<void> {
    const own = this.#groups.filter(({ membership }) => membership.wasIn && !membership.isLeaving);
    this.#polled = own.length > 0 ? own : this.#groups;
    await this.#ask(this.#polled);
    // It may have been taken from one group into the other.
    const others = this.#groups.filter((group) => !this.#polled.includes(group));
    if (others.length > 0 && this.#hasToGo()) await this.#ask(others);
    this.#judge();
    if (this.#closed) return;
    const { clock, backOffMaxMs, random } = this.#deps;
    const usualMs = this.intervalMs;
    const intervalMs = Math.min(Math.max(usualMs, backOffMaxMs), usualMs * 2 ** this.#failures);
    const jitter = 1 + POLL_JITTER * (2 * random() - 1);
    this.#stopTimer = clock.after(intervalMs * jitter, () => void this.#poll());
  }

  async #ask(groups: readonly WatchedGroup[]): Promise<void> {
    const answers = await Promise.allSettled(groups.map((group) => this.#askOnce(group)));
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed !== undefined && this.#failures === 0 && !this.#closed) {
      this.#deps.log.warn({ event: "targets-unknown", err: failed.reason });
    }
    this.#failures = failed === undefined ? 0 : this.#failures + 1;
  }

  /** A question that is under way is not asked again. */
  #askOnce(watched: WatchedGroup): Promise<void> {
    watched.asking ??= this.#hear(watched).finally(() => {
      watched.asking = undefined;
    });
    return watched.asking;
  }

  async #hear(watched: WatchedGroup): Promise<void> {
    const { address, clock } = this.#deps;
    const askedAtMs = clock.now();
    watched.targets = await watched.group.describe();
    watched.membership = membershipAfter(watched.membership, watched.targets, address);
    const state = watched.targets.get(address);
    if (state !== undefined && !isDraining(state)) this.#servedAtMs = Math.max(this.#servedAtMs, askedAtMs);
  }

  #hasToGo(): boolean {
    return hasToGo(this.#groups.map(({ membership }) => membership));
  }

  #judge(): void {
    if (!this.#groups.some(({ membership }) => membership.wasIn)) this.#warnIfUnknown();
    if (this.#told || this.#closed || !this.#hasToGo()) return;
    this.#told = true;
    this.#deps.onDraining(this.#deps.clock.now() - this.#servedAtMs);
  }

  #warnIfUnknown(): void {
    const { address, clock, log } = this.#deps;
    if (this.#warned || this.#failures > 0 || clock.now() - this.#beganAtMs < UNKNOWN_MS) return;
    this.#warned = true;
    log.warn({ event: "target-unknown", address, known: [...addressesOf(this.#groups)].slice(0, KNOWN_TOLD_MAX) });
  }
}

const addressesOf = (groups: readonly WatchedGroup[]): Set<string> =>
  new Set(groups.flatMap(({ targets }) => [...targets.keys()]));
