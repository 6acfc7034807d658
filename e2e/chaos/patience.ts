// Waiting in real time, for a while or for something to become true; Ctrl-C ends both.

const POLL_MS = 50;

export function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Looks again and again. Rejects after `limitMs` with a sentence made of `what`. */
export async function until(
  what: string,
  limitMs: number,
  signal: AbortSignal,
  holds: () => boolean | Promise<boolean>,
  pollMs = POLL_MS,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`Not within ${limitMs / 1000} s: ${what}.`);
    await wait(pollMs, signal);
  }
}
