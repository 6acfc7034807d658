// Notices that a roster was missed: it travels beside the snapshots, which say what its version should be.

/** A roster may come this much later than the snapshot that names its version; after that it is asked for, and again. */
export const ROSTER_LATE_MS = 1_000;

export class RosterWatch {
  #version = 0;
  #behindSinceMs: number | undefined;

  roster(version: number): void {
    this.#version = version;
    this.#behindSinceMs = undefined;
  }

  /** True when it is time to ask for the roster. A version that went back is another one too: a new owner counts on from its checkpoint. */
  isMissed(versionInSnapshot: number, nowMs: number): boolean {
    if (versionInSnapshot === this.#version) {
      this.#behindSinceMs = undefined;
      return false;
    }
    this.#behindSinceMs ??= nowMs;
    if (nowMs - this.#behindSinceMs < ROSTER_LATE_MS) return false;
    this.#behindSinceMs = nowMs;
    return true;
  }
}
