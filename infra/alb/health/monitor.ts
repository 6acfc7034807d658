// Checks every target that is registered, not draining, and of a group that something forwards to.
// Knows what was observed; what follows from it for routing is decided elsewhere.

import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";
import { groupUsage } from "../model/usage.ts";
import { describeLife, draining, type HealthDescription, notInUse, registering } from "./description.ts";
import type { Probe } from "./probe.ts";
import { afterCheck, type CheckResult, newcomer, type TargetLife } from "./target-life.ts";

interface Watched {
  group: TargetGroup;
  readonly target: Target;
  life: TargetLife;
  timer: Timer;
  /** False once the target is no longer of interest: a result that comes late is dropped. */
  wanted: boolean;
  checking: boolean;
}

export interface FinishedCheck {
  readonly group: TargetGroup;
  readonly target: Target;
  readonly port: number;
  readonly endedAtMs: number;
  readonly tookMs: number;
  readonly result: CheckResult;
}

export interface MonitorDependencies {
  readonly clock: Clock;
  readonly probe: Probe;
  /** Called after each check. */
  readonly onChecked?: (check: FinishedCheck) => void;
  /** Called when a target's status has changed. */
  readonly onChange: () => void;
  /** Hears of a fault in what follows from a check; checks go on. Default: a process warning. */
  readonly onFault?: (error: Error) => void;
}

export class HealthMonitor {
  readonly #clock: Clock;
  readonly #probe: Probe;
  readonly #onChange: () => void;
  readonly #onChecked: (check: FinishedCheck) => void;
  readonly #onFault: (error: Error) => void;
  readonly #watched = new Map<TargetKey, Watched>();
  readonly #waiting: (() => void)[] = [];
  /** Groups that something forwards to. */
  #used: ReadonlySet<string> = new Set();
  #running = 0;

  constructor({ clock, probe, onChange, onChecked = () => {}, ...rest }: MonitorDependencies) {
    this.#onFault = rest.onFault ?? ((error) => process.emitWarning(error));
    this.#clock = clock;
    this.#probe = probe;
    this.#onChange = onChange;
    this.#onChecked = onChecked;
  }

  /** Starts and stops checks so that they fit the new state. A group's new settings count from its next check on. */
  follow(state: State): void {
    this.#used = new Set(groupUsage(state).keys());
    const wanted = wantedTargets(state, this.#used);
    for (const [key, watched] of this.#watched) {
      const still = wanted.get(key);
      if (still) watched.group = still.group;
      else this.#forget(key, watched);
    }
    for (const [key, { group, target }] of wanted) {
      if (this.#watched.has(key)) continue;
      const watched: Watched = {
        ...{ group, target, life: newcomer, wanted: true, checking: false },
        timer: this.#clock.after(0, () => this.#due(watched)),
      };
      this.#watched.set(key, watched);
    }
  }

  status(key: TargetKey): TargetLife["status"] | undefined {
    return this.#watched.get(key)?.life.status;
  }

  describe(group: TargetGroup, target: Target): HealthDescription {
    if (target.drainEndsAtMs !== undefined) return draining;
    const watched = this.#watched.get(targetKey(group.arn, target));
    if (watched) return describeLife(watched.life);
    return this.#used.has(group.arn) ? registering : notInUse;
  }

  close(): void {
    for (const [key, watched] of this.#watched) this.#forget(key, watched);
  }

  #forget(key: TargetKey, watched: Watched): void {
    watched.wanted = false;
    watched.timer.cancel();
    this.#watched.delete(key);
  }

  /** The rhythm is kept from start to start of a check, however long the check takes. */
  #due(watched: Watched): void {
    watched.timer = this.#clock.after(watched.group.healthCheck.intervalSeconds * 1000, () => this.#due(watched));
    if (watched.checking) return;
    watched.checking = true;
    const check = () => void this.#check(watched);
    if (this.#running < limits.maxConcurrentHealthChecks) check();
    else this.#waiting.push(check);
  }

  async #check(watched: Watched): Promise<void> {
    this.#running++;
    try {
      if (!watched.wanted) return;
      const { healthCheck } = watched.group;
      const port = healthCheck.port === "traffic-port" ? watched.target.port : Number(healthCheck.port);
      const { group, target } = watched;
      const startedAtMs = this.#clock.nowMs();
      const result = await this.#probe(target.id, port, healthCheck);
      const endedAtMs = this.#clock.nowMs();
      this.#onChecked({ group, target, port, endedAtMs, tookMs: endedAtMs - startedAtMs, result });
      if (!watched.wanted) return;
      const before = watched.life.status;
      const { healthyThreshold, unhealthyThreshold } = watched.group.healthCheck;
      watched.life = afterCheck(watched.life, result, { healthy: healthyThreshold, unhealthy: unhealthyThreshold });
      if (watched.life.status !== before) this.#onChange();
    } catch (error) {
      this.#onFault(error as Error);
    } finally {
      watched.checking = false;
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

function wantedTargets(
  state: State,
  used: ReadonlySet<string>,
): Map<TargetKey, { group: TargetGroup; target: Target }> {
  const wanted = new Map<TargetKey, { group: TargetGroup; target: Target }>();
  for (const group of state.targetGroups.values()) {
    if (!used.has(group.arn)) continue;
    for (const target of group.targets) {
      if (target.drainEndsAtMs === undefined) wanted.set(targetKey(group.arn, target), { group, target });
    }
  }
  return wanted;
}
