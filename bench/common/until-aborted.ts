// Work that nobody waits for any more once a signal has come.

/** Rejects at once when the signal comes; what `work` was about to do is ended by whoever ends the processes. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {}); // it may fail after we have left
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Error("interrupted"));
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
