// Keeps ECS's protection of this task as the rule wishes it (protection-rule.ts). A failure costs nothing but the protection: it is told once, and
// tried again. Every protection runs out by itself, so that a server that hangs, or is forgotten, stands in nobody's way for long.

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
  #untilMs = 0;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #heldFor: number | undefined;
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
    if (!wish || clock.now() < this.#retryAtMs) return;
    if (wish.kind === "kept") this.#heldFor = undefined;
    if (wish.kind === "held") {
      if (this.#heldFor !== wish.forGeneration) await this.#protect("held", HELD_MINUTES, wish.forGeneration);
      return;
    }
    const leftMs = this.#untilMs - clock.now();
    const isOn = this.#kind !== "free" && leftMs > 0;
    if (wish.kind === "free" ? !isOn : isOn && leftMs > RENEW_BEFORE_MS) return;
    const isChange = isOn !== (wish.kind === "kept");
    if (isChange && !this.#isLeaving && clock.now() - this.#changedAtMs < CHANGE_MIN_MS) return;
    if (wish.kind === "kept") await this.#protect("kept", KEPT_MINUTES);
    else await this.#release();
  }

  async #wish(): Promise<Wish | undefined> {
    if (this.#isLeaving) return { kind: "free" };
    const { cluster, self } = this.#deps;
    // While Redis is away everything stays as it is: until it runs out.
    const servers = await cluster.servers().catch(() => []);
    return this.#isLeaving ? { kind: "free" } : protectionOf(servers, self);
  }

  async #protect(kind: "kept" | "held", minutes: number, forGeneration?: number): Promise<void> {
    const { clock, log, protection } = this.#deps;
    const askedAtMs = clock.now();
    const isNew = this.#kind !== kind;
    if (!(await this.#try(() => protection.protect(minutes)))) return;
    this.#changed(kind, askedAtMs + minutes * MINUTE_MS, isNew);
    this.#heldFor = forGeneration;
    if (isNew)
      log.info({ event: "task-protected", kind, minutes, ...(forGeneration !== undefined && { forGeneration }) });
  }

  async #release(): Promise<void> {
    const { log, protection } = this.#deps;
    if (!(await this.#try(() => protection.release()))) return;
    this.#changed("free", 0, true);
    log.info({ event: "task-released" });
  }

  #changed(kind: Wish["kind"], untilMs: number, isNew: boolean): void {
    this.#kind = kind;
    this.#untilMs = untilMs;
    if (isNew) this.#changedAtMs = this.#deps.clock.now();
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
