// Says on stderr what is going on while something takes long. stdout stays free for results.

const PROGRESS_INTERVAL_MS = 5_000;

export type Say = (line: string) => void;

export const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Runs `work`, announcing it at once and reporting every few seconds for how long it has been going on. */
export async function withProgress<T>(what: string, say: Say, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  say(`${what} ...`);
  const timer = setInterval(() => {
    say(`  ... ${Math.round((performance.now() - startedMs) / 1000)} s`);
  }, PROGRESS_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
