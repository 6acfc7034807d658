// Looks at the metric once in every period and has servers started or taken out as the policy says. It decides nothing
// itself, and knows neither processes nor the load balancer.
import type { Clock } from "../clock.ts";
import type { MetricReader } from "./metric-reader.ts";
import { decide, type Situation, type TargetTrackingPolicy } from "./target-tracking.ts";

export interface ScalableServers {
  /** Those that run, start, or are about to replace one that died; not those that are leaving. */
  count(): number;
  /** Resolves when those that are to leave have been told so, and those to come have been started. */
  scaleTo(count: number): Promise<void>;
}

export interface AutoscalerDependencies {
  readonly policy: TargetTrackingPolicy;
  readonly metric: MetricReader;
  readonly servers: ScalableServers;
  readonly isDeploying: () => boolean;
  readonly clock: Clock;
  /** The wall clock, by whose periods the metric is kept. */
  readonly date: () => Date;
  readonly say: (line: string) => void;
}

export class Autoscaler {
  readonly #dependencies: AutoscalerDependencies;
  readonly #closing = new AbortController();
  #lastStep: Situation["lastStep"];
  #lastTrouble = "";

  constructor(dependencies: AutoscalerDependencies) {
    this.#dependencies = dependencies;
    void this.#run();
  }

  /** From here on nothing is started or taken out, though a question to the metric may still be under way. */
  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { clock, date, policy } = this.#dependencies;
    const periodMs = policy.periodSeconds * 1_000;
    for (;;) {
      await clock.sleep(periodMs - (date().getTime() % periodMs), this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      try {
        await this.#look();
        this.#lastTrouble = "";
      } catch (error) {
        this.#report(error as Error);
      }
    }
  }

  async #look(): Promise<void> {
    const { clock, date, isDeploying, metric, policy, say, servers } = this.#dependencies;
    const periods = Math.max(policy.scaleOutPeriods, policy.scaleInPeriods);
    const readings = await metric.read(date(), policy.periodSeconds, periods);
    const now = { nowMs: clock.nowMs(), servers: servers.count() };
    const decision = decide(policy, { ...now, readings, lastStep: this.#lastStep, deploying: isDeploying() });
    if (decision.kind === "keep" || this.#closing.signal.aborted) return;
    say(`Autoscaling from ${now.servers} to ${decision.to} servers: players per server, ${decision.why}.`);
    this.#lastStep = { kind: decision.kind, to: decision.to, atMs: now.nowMs };
    await servers.scaleTo(decision.to);
  }

  /** The same trouble is told once, not in every period. */
  #report(error: Error): void {
    if (error.message === this.#lastTrouble || this.#closing.signal.aborted) return;
    this.#lastTrouble = error.message;
    this.#dependencies.say(`Autoscaling waits: ${error.message}.`);
  }
}
