// Writes the last state of every owned room, each at its own moment, so that a crash costs at most CHECKPOINT_INTERVAL_MS of a game.

import type { Clock } from "../clock.ts";
import type { RoomCode, RoomHost } from "../room/room-port.ts";
import type { ClusterStore, RoomClaim } from "./store.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";
import { CHECKPOINT_INTERVAL_MS } from "./timing.ts";

export interface CheckpointsDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly host: RoomHost;
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
  readonly isReachable: () => boolean;
}

export class Checkpoints {
  readonly #deps: CheckpointsDependencies;
  readonly #stops = new Map<RoomCode, () => void>();

  constructor(deps: CheckpointsDependencies) {
    this.#deps = deps;
  }

  /** The first one is written at once: a room without one cannot be taken over. */
  add(claim: RoomClaim): void {
    this.remove(claim.code);
    this.#later(claim, 0);
  }

  remove(code: RoomCode): void {
    this.#stops.get(code)?.();
    this.#stops.delete(code);
  }

  close(): void {
    for (const code of [...this.#stops.keys()]) this.remove(code);
  }

  #later(claim: RoomClaim, delayMs: number): void {
    const stop = this.#deps.clock.after(delayMs, () => void this.#write(claim, stop));
    this.#stops.set(claim.code, stop);
  }

  async #write(claim: RoomClaim, turn: () => void): Promise<void> {
    const startedMs = this.#deps.clock.now();
    if (this.#deps.isReachable()) await this.#save(claim);
    // Removed, or replaced by a claim in another epoch, while the write was under way.
    if (this.#stops.get(claim.code) !== turn) return;
    this.#later(claim, Math.max(0, CHECKPOINT_INTERVAL_MS - (this.#deps.clock.now() - startedMs)));
  }

  async #save(claim: RoomClaim): Promise<void> {
    const { store, host, log, metrics } = this.#deps;
    const { code, epoch } = claim;
    let bytes: Uint8Array | undefined;
    try {
      bytes = host.get(code)?.checkpoint();
      if (!bytes) return;
      // A refusal means a higher epoch; the next beat finds out whose.
      metrics.checkpoint((await store.saveCheckpoint(claim, bytes)) ? "written" : "refused", bytes.length);
    } catch (error) {
      metrics.checkpoint("failed", bytes?.length ?? 0);
      log.warn({ room: code, epoch, err: error }, "a checkpoint was not written");
    }
  }
}
