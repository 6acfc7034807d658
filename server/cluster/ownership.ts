// The leases of this server's rooms: says with every beat which rooms it runs, and gives up at once what somebody else has in a higher
// epoch. While Redis is away nothing changes: rooms go on in their epochs, and announce themselves when it is back.

import type { Clock } from "../clock.ts";
import type { RoomCode } from "../room/room-port.ts";
import { Contact } from "./contact.ts";
import { PENDING_DROPS_MAX } from "./limits.ts";
import type { ClusterStore, LeaseAnswer, RoomClaim, RoomRecord, ServerBeat } from "./store.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";
import { BEAT_INTERVAL_MS } from "./timing.ts";

export interface OwnershipDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
  readonly describe: () => ServerBeat;
  /** The room must stop at once: the directory says that it is somebody else's. */
  readonly onLost: (claim: RoomClaim, holder: RoomRecord) => void;
  /** Redis answers again after a break. */
  readonly onReturn: () => void;
}

export class Ownership {
  readonly #deps: OwnershipDependencies;
  readonly #contact: Contact;
  readonly #claims = new Map<RoomCode, RoomClaim>();
  /** Rooms that are over and may still be in the directory. */
  readonly #drops = new Map<RoomCode, RoomClaim>();
  #stopTimer: () => void = () => {};
  #closed = false;

  constructor(deps: OwnershipDependencies) {
    this.#deps = deps;
    this.#contact = new Contact(deps.clock);
  }

  get reachable(): boolean {
    return this.#contact.reachable;
  }
  /** How long Redis has answered every beat, milliseconds; 0 while it does not. */
  get contactMs(): number {
    return this.#contact.unbrokenMs;
  }

  /** Resolves after the first beat, answered or not. */
  async start(): Promise<void> {
    await this.#beat();
    this.#beatLater(BEAT_INTERVAL_MS);
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  /** From now on the room is announced with every beat. */
  add(claim: RoomClaim): void {
    this.#drops.delete(claim.code);
    this.#claims.set(claim.code, claim);
  }

  /** The room is not announced any more; its entry stays what it is. */
  release(claim: RoomClaim): void {
    if (this.#claims.get(claim.code) === claim) this.#claims.delete(claim.code);
  }

  get(code: RoomCode): RoomClaim | undefined {
    return this.#claims.get(code);
  }

  list(): RoomClaim[] {
    return [...this.#claims.values()];
  }

  /** The room is over: its entry goes now, or when Redis can be reached. */
  drop(claim: RoomClaim): void {
    this.#claims.delete(claim.code);
    if (this.#drops.size < PENDING_DROPS_MAX) this.#drops.set(claim.code, claim);
    void this.#dropEntry(claim);
  }

  async #dropEntry(claim: RoomClaim): Promise<void> {
    try {
      // False means that the entry is somebody else's or gone: nothing is left to do.
      await this.#deps.store.drop(claim);
      if (this.#drops.get(claim.code) === claim) this.#drops.delete(claim.code);
    } catch {
      // It stays in #drops and is tried again when Redis is back; if never, the entry expires by itself.
    }
  }

  #beatLater(delayMs: number): void {
    if (this.#closed) return;
    this.#stopTimer = this.#deps.clock.after(delayMs, () => {
      const startedMs = this.#deps.clock.now();
      void this.#beat()
        // Something that a room was told of threw. The other rooms' leases still have to be renewed.
        .catch((error) => this.#deps.log.error({ err: error }, "a heartbeat had a fault"))
        .then(() => this.#beatLater(Math.max(0, BEAT_INTERVAL_MS - (this.#deps.clock.now() - startedMs))));
    });
  }

  async #beat(): Promise<void> {
    const { clock, store, metrics, log, describe, onReturn } = this.#deps;
    const claims = this.list();
    const startedMs = clock.now();
    let answers: LeaseAnswer[];
    try {
      answers = await store.beat(describe(), claims);
    } catch (error) {
      metrics.beat("failed", clock.now() - startedMs);
      if (this.#contact.reachable && !this.#closed)
        log.warn({ err: error }, "Redis does not answer; rooms go on without it");
      this.#contact.failed();
      return;
    }
    metrics.beat("answered", clock.now() - startedMs);
    if (this.#closed) return;
    for (const [index, claim] of claims.entries()) this.#heed(claim, answers[index]!);
    if (!this.#contact.answered()) return;
    log.info({ rooms: claims.length }, "Redis answers");
    for (const claim of this.#drops.values()) void this.#dropEntry(claim);
    onReturn();
  }

  #heed(claim: RoomClaim, answer: LeaseAnswer): void {
    // A claim that was given up or raised while the beat was under way has nothing to lose any more.
    if (answer.held || this.#claims.get(claim.code) !== claim) return;
    this.#claims.delete(claim.code);
    this.#deps.onLost(claim, answer.holder);
  }
}
