// Keeps ECS's protection of this task as the rule wishes it (protection-rule.ts). Whoever deploys may protect it as well, and for longer: that is
// left as it is. A failure costs nothing but the protection: it is told once, and tried again. Every protection runs out by itself, so that a
// server that hangs, or is forgotten, stands in nobody's way for long.

import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ServerId } from "../room/room-port.ts";
import type { ProtectionSwitch } from "./ecs-agent.ts";
import { protectionOf, type Wish } from "./protection-rule.ts";

/** Well before ECS finds that tasks of a new generation are healthy, and stops old ones: their registry entries are there long before. */
export const LOOK_MS = 2_000;
/** A protection from scale-in lasts so long … */
export const KEPT_MINUTES = 15;
/** … and is renewed when no more than this is left of it. */
const RENEW_BEFORE_MS = 10 * 60_000;
/** A new generation may take so long to be judged; after that ECS goes on with its deployment, whoever began it. */
export const HELD_MINUTES = 30;
/** Two servers that are about as empty may take turns; ECS is not told of each. */
export const CHANGE_MIN_MS = 20_000;
/** A hold that has not come about after so long is left: whoever deploys may have let the others go meanwhile. */
export const HOLD_TRIES_MS = 60_000;
/** What clocks may differ by, and what a request takes. */
const SLACK_MS = 10_000;
/** After a failure the next try waits so long, then twice as long … */
const RETRY_MS = 3_000;
/** … up to this. */
const RETRY_MAX_MS = 60_000;
const MINUTE_MS = 60_000;

export interface TaskProtectionDependencies {
  readonly clock: Clock;
  readonly log: { info(fields: object): void; warn(fields: object, message?: string): void };
  readonly self: ServerId;
  readonly cluster: Pick<Cluster, "servers">;
  readonly protection: ProtectionSwitch;
}

export class TaskProtection {
  readonly #deps: TaskProtectionDependencies;
  #kind: Wish["kind"] = "free";
  /** Until when this server is protected by what it did itself. */
  #untilMs = 0;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  /** The latest successors that were seen, whether nothing more is to be done about them, and until when it is tried. */
  #successors: { generation: number; isSettled: boolean; untilMs: number } | undefined;
  #lookedLike: Wish | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #trouble: string | undefined;
  #isLeaving = false;
  #closed = false;
  #asking: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => {};

  constructor(deps: TaskProtectionDependencies) {
    this.#deps = deps;
  }

  start(): void {
    void this.#look();
  }

  /** The server is leaving: ECS may stop it, and does so when it has left. */
  leave(): void {
    this.#isLeaving = true;
    this.#retryAtMs = 0;
    this.#stopTimer();
    void this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  /** For whoever watches. */
  status() {
    const leftMs = this.#untilMs - this.#deps.clock.now();
    const isOn = this.#kind !== "free" && leftMs > 0;
    return {
      kind: isOn ? this.#kind : "free",
      ...(isOn && { leftMs: Math.round(leftMs) }),
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
    };
  }

  /** One question at a time; the next look comes after this one's end. */
  #look(): Promise<void> {
    this.#asking = this.#asking.then(async () => {
      if (this.#closed) return;
      await this.#adjust();
      if (this.#closed) return;
      this.#stopTimer();
      this.#stopTimer = this.#deps.clock.after(LOOK_MS, () => void this.#look());
    });
    return this.#asking;
  }

  async #adjust(): Promise<void> {
    const { clock } = this.#deps;
    const wish = await this.#wish();
    if (!wish || !this.#isSure(wish)) return;
    this.#meet(wish);
    if (clock.now() < this.#retryAtMs) return;
    if (wish.kind === "held") return this.#hold();
    const leftMs = this.#untilMs - clock.now();
    const isOn = this.#kind !== "free" && leftMs > 0;
    const isWanted = wish.kind === "kept";
    if (isWanted ? isOn && leftMs > RENEW_BEFORE_MS : !isOn) return;
    if (isOn !== isWanted && !this.#isLeaving && clock.now() - this.#changedAtMs < CHANGE_MIN_MS) return;
    if (isWanted) await this.#protect("kept", KEPT_MINUTES);
    else await this.#release();
  }

  /** A registry that has just been emptied shows for a moment that nobody else is there: so what is no danger is believed at the second look. */
  #isSure(wish: Wish): boolean {
    const before = this.#lookedLike;
    this.#lookedLike = wish;
    const isSame = before?.kind === wish.kind && before.successors === wish.successors;
    return isSame || wish.kind === "held" || this.#isLeaving;
  }

  /** Whether to hold on is settled when the successors come: who has people only later is let go like those who never had any. */
  #meet({ kind, successors }: Wish): void {
    const { clock } = this.#deps;
    if (successors === undefined) {
      this.#successors = undefined;
    } else if (this.#successors?.generation !== successors) {
      const untilMs = clock.now() + HOLD_TRIES_MS;
      this.#successors = { generation: successors, isSettled: kind !== "held", untilMs };
    }
  }

  async #hold(): Promise<void> {
    const successors = this.#successors;
    if (!successors || successors.isSettled) return;
    successors.isSettled = this.#deps.clock.now() >= successors.untilMs || (await this.#protect("held", HELD_MINUTES));
  }

  async #wish(): Promise<Wish | undefined> {
    if (this.#isLeaving) return { kind: "free" };
    const { cluster, self } = this.#deps;
    // While Redis is away everything stays as it is: until it runs out.
    const servers = await cluster.servers().catch(() => []);
    return this.#isLeaving ? { kind: "free" } : protectionOf(servers, self);
  }

  async #protect(kind: "kept" | "held", minutes: number): Promise<boolean> {
    const { clock, log, protection } = this.#deps;
    const untilMs = clock.now() + minutes * MINUTE_MS;
    const untilWallMs = clock.wallNow() + minutes * MINUTE_MS;
    const done = await this.#try(async () => {
      const expiresAtMs = await protection.expiresAtMs();
      if ((expiresAtMs ?? 0) < untilWallMs) await protection.protect(minutes);
    });
    if (!done) return false;
    if (this.#kind !== kind) log.info({ event: "task-protected", kind, minutes });
    this.#changed(kind, untilMs);
    return true;
  }

  async #release(): Promise<void> {
    const { clock, log, protection } = this.#deps;
    const ownUntilMs = clock.wallNow() + this.#untilMs - clock.now() + SLACK_MS;
    const done = await this.#try(async () => {
      const expiresAtMs = this.#isLeaving ? undefined : await protection.expiresAtMs();
      if ((expiresAtMs ?? 0) < ownUntilMs) await protection.release();
    });
    if (!done) return;
    log.info({ event: "task-released" });
    this.#changed("free", 0);
  }

  #changed(kind: Wish["kind"], untilMs: number): void {
    if (kind !== this.#kind) this.#changedAtMs = this.#deps.clock.now();
    this.#kind = kind;
    this.#untilMs = untilMs;
  }

  async #try(ask: () => Promise<void>): Promise<boolean> {
    const { clock, log } = this.#deps;
    try {
      await ask();
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#trouble) log.warn({ event: "task-protection-failed", err: error });
      this.#trouble = message;
      this.#retryAtMs = clock.now() + Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** this.#failures);
      this.#failures += 1;
      return false;
    }
    this.#failures = 0;
    this.#trouble = undefined;
    return true;
  }
}
