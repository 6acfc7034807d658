// What is under way on each target, and whose turn is next: the moving part of balancing, kept out of the table.

import type { TargetKey } from "../model/types.ts";

export interface Job {
  /** Ends it now. */
  readonly cut: (cause: "deadline" | "shutdown") => void;
}

export interface Work {
  /** The request has become a WebSocket. At most once. */
  becomeWebSocket(): void;
  /** May be called again, to no effect. */
  end(): void;
}

interface Load {
  readonly jobs: Set<Job>;
  webSockets: number;
}

export class Workload {
  readonly #loads = new Map<TargetKey, Load>();
  readonly #turns = new Map<string, number>();

  /** Counts `job` against the target until its end. */
  begin(key: TargetKey, job: Job): Work {
    const load = this.#loads.get(key) ?? { jobs: new Set<Job>(), webSockets: 0 };
    this.#loads.set(key, load);
    load.jobs.add(job);
    let webSocket = false;
    return {
      becomeWebSocket: () => {
        webSocket = true;
        load.webSockets++;
      },
      end: () => {
        if (!load.jobs.delete(job)) return;
        if (webSocket) load.webSockets--;
        if (load.jobs.size === 0 && this.#loads.get(key) === load) this.#loads.delete(key);
      },
    };
  }

  /** Requests and WebSockets. */
  outstanding(key: TargetKey): number {
    return this.#loads.get(key)?.jobs.size ?? 0;
  }

  webSockets(key: TargetKey): number {
    return this.#loads.get(key)?.webSockets ?? 0;
  }

  nextTurn(groupArn: string): number {
    const turn = this.#turns.get(groupArn) ?? 0;
    this.#turns.set(groupArn, turn + 1);
    return turn;
  }

  /** The target's deregistration delay is over. */
  cut(key: TargetKey): void {
    for (const job of [...(this.#loads.get(key)?.jobs ?? [])]) job.cut("deadline");
  }

  cutAll(): void {
    for (const { jobs } of [...this.#loads.values()]) for (const job of [...jobs]) job.cut("shutdown");
  }
}
