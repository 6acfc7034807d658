// The load balancer as far as sockets care: targets with states, least outstanding requests, health checks, a deregistration delay at the
// end of which it cuts what is left, and a control plane whose word takes a while to reach its data plane.

import type { Clock } from "../../server/clock.ts";
import type { Line } from "./line.ts";
import type { Trace } from "./trace.ts";

export type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

/** Health checks that have to agree before a state changes. */
const HEALTH_THRESHOLD = 2;

/** What a target is to the load balancer. */
export interface Backend {
  /** Host and port. */
  readonly address: string;
  /** What `/readyz` answers; "dead" when nobody listens. */
  readiness(): "ready" | "not-ready" | "dead";
  /** An upgrade request arrives. */
  accept(line: Line, hello: unknown): void;
}

export interface LoadBalancerOptions {
  clock: Clock;
  trace: Trace;
  healthIntervalMs: number;
  deregistrationDelayMs: number;
  /** From a call of the control API to its effect on new connections. */
  propagationMs: number;
}

interface Target {
  backend: Backend;
  state: TargetState;
  /** New connections may come: follows the state after the propagation lag. */
  isOpen: boolean;
  lines: Set<Line>;
  /** Checks in a row with the same answer. */
  streak: { isReady: boolean; count: number };
  stop: () => void;
  onGone: (() => void) | undefined;
}

export class LoadBalancer {
  readonly #options: LoadBalancerOptions;
  readonly #targets = new Map<string, Target>();
  readonly #cutHandlers: ((address: string, lines: readonly Line[]) => void)[] = [];

  constructor(options: LoadBalancerOptions) {
    this.#options = options;
  }

  /** What DescribeTargetHealth answers. */
  states(): Map<string, TargetState> {
    return new Map([...this.#targets].map(([address, { state }]) => [address, state]));
  }

  stateOf(address: string): TargetState | undefined {
    return this.#targets.get(address)?.state;
  }

  register(backend: Backend): void {
    const target: Target = {
      ...{ backend, state: "initial" as const, isOpen: false, lines: new Set<Line>(), stop: () => {} },
      streak: { isReady: false, count: 0 },
      onGone: undefined,
    };
    this.#targets.set(backend.address, target);
    this.#options.trace.say("alb", `registered ${backend.address}`);
    this.#check(target);
  }

  /** All of them in one call. `onGone` hears of each when it is out of the group, its connections ended or cut. */
  deregister(addresses: readonly string[], onGone: (address: string) => void): void {
    const { clock, trace, deregistrationDelayMs, propagationMs } = this.#options;
    for (const address of addresses) {
      const target = this.#targets.get(address);
      if (!target) onGone(address);
      if (!target || target.state === "draining") continue;
      target.stop();
      target.state = "draining";
      target.onGone = () => onGone(address);
      trace.say("alb", `deregistered ${address}`, { connections: target.lines.size });
      clock.after(propagationMs, () => {
        target.isOpen = false;
        this.#removeIfEmpty(target);
      });
      target.stop = clock.after(Math.max(deregistrationDelayMs, propagationMs), () => this.#cut(target));
    }
  }

  /** A deregistration delay is over, with these connections left. */
  onCut(handler: (address: string, lines: readonly Line[]) => void): void {
    this.#cutHandlers.push(handler);
  }

  /** A connection of a client arrives; without a target it ends. */
  connect(line: Line, hello: unknown): void {
    // Given up on the way.
    if (line.isOverForServer) return;
    const target = this.#choose();
    if (!target) {
      line.end("503");
      return;
    }
    target.lines.add(line);
    target.backend.accept(line, hello);
  }

  /** The connection is over, whoever ended it. */
  ended(line: Line): void {
    for (const target of this.#targets.values()) {
      if (target.lines.delete(line)) this.#removeIfEmpty(target);
    }
  }

  /** Connections of a target, for whoever observes. */
  connectionsOf(address: string): number {
    return this.#targets.get(address)?.lines.size ?? 0;
  }

  /** The open one with the fewest connections; when none is healthy, any (the real one fails open as well). */
  #choose(): Target | undefined {
    let best: Target | undefined;
    for (const target of this.#targets.values()) {
      if (target.isOpen && (!best || target.lines.size < best.lines.size)) best = target;
    }
    if (best) return best;
    for (const target of this.#targets.values()) {
      if (target.state === "draining") continue;
      if (!best || target.lines.size < best.lines.size) best = target;
    }
    return best;
  }

  #check(target: Target): void {
    const { clock, healthIntervalMs } = this.#options;
    const isReady = target.backend.readiness() === "ready";
    const { streak } = target;
    target.streak = { isReady, count: streak.isReady === isReady ? streak.count + 1 : 1 };
    if (target.streak.count >= HEALTH_THRESHOLD) this.#setHealth(target, isReady);
    target.stop = clock.after(healthIntervalMs, () => this.#check(target));
  }

  #setHealth(target: Target, isReady: boolean): void {
    // A new target stays initial until it is good for the first time.
    if (target.state === "initial" && !isReady) return;
    const state = isReady ? "healthy" : "unhealthy";
    if (target.state === state) return;
    this.#options.trace.say("alb", `${target.backend.address} is ${state}`);
    target.state = state;
    target.isOpen = isReady;
  }

  #removeIfEmpty(target: Target): void {
    if (target.state === "draining" && !target.isOpen && target.lines.size === 0) this.#remove(target);
  }

  #cut(target: Target): void {
    for (const handler of this.#cutHandlers) handler(target.backend.address, [...target.lines]);
    if (target.lines.size > 0) {
      this.#options.trace.say("alb", `cuts ${target.lines.size} connections of ${target.backend.address}`);
    }
    for (const line of [...target.lines]) line.end("transport close");
    this.#remove(target);
  }

  #remove(target: Target): void {
    target.stop();
    const { address } = target.backend;
    if (this.#targets.get(address) !== target) return;
    this.#targets.delete(address);
    this.#options.trace.say("alb", `${address} is out of the group`);
    target.onGone?.();
  }
}
