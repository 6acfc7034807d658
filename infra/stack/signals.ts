// Ctrl-C and its relatives. One key press may arrive by several ways (the terminal, npm, run.mjs): within a moment it
// counts once, and what comes later is a second one.

const SAME_SIGNAL_MS = 500;

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Counts presses: 0 when this arrival belongs to the one before. */
export function pressCounter(nowMs: () => number): () => number {
  let lastMs = Number.NEGATIVE_INFINITY;
  let presses = 0;
  return () => {
    const isSame = nowMs() - lastMs < SAME_SIGNAL_MS;
    lastMs = nowMs();
    if (isSame) return 0;
    presses += 1;
    return presses;
  };
}

/** Calls `first` for the first press and `second` for any later one. */
export function onEndingSignals(first: () => void, second: () => void): void {
  const count = pressCounter(() => performance.now());
  for (const name of ENDING_SIGNALS) {
    process.on(name, () => {
      const press = count();
      if (press === 1) first();
      if (press > 1) second();
    });
  }
}
