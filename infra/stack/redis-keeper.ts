// Keeps a Redis of our own running, as a managed one would be kept: after its end it comes back at the same address,
// empty; if it dies again and again, ever more slowly, and in the end not at all.
import type { EmbeddedRedis } from "../provision/embedded-redis.ts";
import { describeExit, type Exit } from "./child.ts";
import type { Clock } from "./clock.ts";
import { Refusal } from "./refusal.ts";
import { countFailure, type ReplacementPolicy, replacementDelayMs } from "./replacement.ts";

const MAX_DELAY_MS = 30_000;
const MAX_FAILURES = 6;
/** One that has run for so long has not died of what killed the one before. */
const STABLE_AFTER_MS = 15_000;

export const redisPolicy = (firstDelayMs: number): ReplacementPolicy => ({
  ...{ firstDelayMs, maxDelayMs: Math.max(firstDelayMs, MAX_DELAY_MS) },
  ...{ maxFailures: MAX_FAILURES, stableAfterMs: STABLE_AFTER_MS },
});

export interface RedisKeeperDependencies {
  /** Resolves when it answers; with a port it is started there again. */
  readonly run: (port?: number) => Promise<EmbeddedRedis>;
  readonly policy: ReplacementPolicy;
  readonly clock: Clock;
  /** After it has come back. */
  readonly onChange: () => void;
  /** When it does not come back any more. */
  readonly onBroken: (reason: Refusal) => void;
  readonly say: (line: string) => void;
}

export class RedisKeeper {
  readonly #dependencies: RedisKeeperDependencies;
  readonly #closing = new AbortController();
  #redis: EmbeddedRedis | undefined;
  #failures = 0;

  constructor(dependencies: RedisKeeperDependencies) {
    this.#dependencies = dependencies;
  }

  get pid(): number | undefined {
    return this.#redis?.child.pid;
  }

  /** The URL, which stays the same whatever happens. */
  async start(): Promise<string> {
    return (await this.#run()).url;
  }

  /** From here on it is not started any more; its process is ended by whoever ends all of them. */
  close(): void {
    this.#closing.abort();
  }

  async #run(port?: number): Promise<EmbeddedRedis> {
    const { clock, run } = this.#dependencies;
    const redis = await run(port);
    const sinceMs = clock.nowMs();
    this.#redis = redis;
    void redis.child.exited.then((exit) => this.#bringBack(redis.port, exit, clock.nowMs() - sinceMs));
    return redis;
  }

  async #bringBack(port: number, exit: Exit, ranMs: number): Promise<void> {
    const { clock, onBroken, onChange, policy, say } = this.#dependencies;
    let trouble = `Redis died (${describeExit(exit)}).`;
    this.#failures = countFailure(this.#failures, ranMs, policy);
    while (!this.#closing.signal.aborted) {
      const delayMs = replacementDelayMs(this.#failures, policy);
      if (delayMs === undefined) {
        const sentence = `The stack ends since Redis failed ${this.#failures} times in a row: ${trouble}`;
        return onBroken(new Refusal("part-ended", sentence));
      }
      say(`${trouble} It is started again in ${delayMs / 1_000} s, empty.`);
      await clock.sleep(delayMs, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      try {
        await this.#run(port);
        return onChange();
      } catch (error) {
        // Somebody may have its port for a moment, or it was killed before it answered.
        trouble = (error as Error).message;
        this.#failures += 1;
      }
    }
  }
}
