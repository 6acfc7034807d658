// Preloaded into every script that run.mjs starts: ends the script in order when run.mjs itself is gone (kill -9), since
// the script lives in a process group of its own and would be left behind.
import { isMainThread } from "node:worker_threads";

const PARENT_POLL_MS = 500;
const parent = process.ppid;

if (isMainThread) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_POLL_MS);
  watch.unref();
}
