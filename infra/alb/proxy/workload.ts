// What is under way on each target, and whose turn is next: the moving part of balancing, kept out of the table.

import type { TargetKey } from "../model/types.ts";

export interface Job {
  /** The deregistration delay is over: end it now. */
  readonly cut: () => void;
}

export class Workload {
  readonly #jobs = new Map<TargetKey, Set<Job>>();
  readonly #turns = new Map<string, number>();

  /** Counts `job` against the target; the returned function ends that. */
  begin(key: TargetKey, job: Job): () => void {
    const jobs = this.#jobs.get(key) ?? new Set<Job>();
    this.#jobs.set(key, jobs.add(job));
    return () => {
      jobs.delete(job);
      if (jobs.size === 0 && this.#jobs.get(key) === jobs) this.#jobs.delete(key);
    };
  }

  outstanding(key: TargetKey): number {
    return this.#jobs.get(key)?.size ?? 0;
  }

  nextTurn(groupArn: string): number {
    const turn = this.#turns.get(groupArn) ?? 0;
    this.#turns.set(groupArn, turn + 1);
    return turn;
  }

  cut(key: TargetKey): void {
    for (const job of [...(this.#jobs.get(key) ?? [])]) job.cut();
  }

  cutAll(): void {
    for (const key of [...this.#jobs.keys()]) this.cut(key);
  }
}
