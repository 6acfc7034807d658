// Loaded into a server before its own program (node --import): says over the channel to the measuring process what only the server itself
// knows: its garbage collections and its memory. The same for all.

import { PerformanceObserver } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const LONG_PAUSE_MS = 10;

let pauses = none();

function none() {
  return { count: 0, totalMs: 0, maxMs: 0, long: 0 };
}

function note(entries) {
  for (const { duration } of entries) {
    pauses.count += 1;
    pauses.totalMs += duration;
    pauses.maxMs = Math.max(pauses.maxMs, duration);
    if (duration > LONG_PAUSE_MS) pauses.long += 1;
  }
}

const observer = new PerformanceObserver((list) => note(list.getEntries()));
observer.observe({ entryTypes: ["gc"] });

const calls = {
  begin() {
    observer.takeRecords();
    pauses = none();
  },
  tally() {
    note(observer.takeRecords());
    // A peer's count of the inputs that have reached its rooms; Tidegate has metrics.
    return { pauses, inputs: globalThis.benchInputs?.() };
  },
  /** After a full collection: what is used, not what was left lying about. */
  memory() {
    setFlagsFromString("--expose-gc");
    runInNewContext("gc")();
    const { rss, heapUsed, external } = memoryUsage();
    return { residentBytes: rss, usedBytes: heapUsed + external };
  },
};

process.on("message", ({ id, call }) => {
  process.send({ id, answer: calls[call]?.() }, () => {});
});
// Whoever measures has gone, and nobody else will end us.
process.on("disconnect", () => process.exit(0));
