// The table of slow readers, and what they are held against. Pure.
import { formatTable } from "../../infra/stack/table.ts";
import { atMost, type Target } from "../common/targets.ts";
import type { Reader, ReaderOutcome } from "./slow-reader.ts";

const WORDS: Readonly<Record<Reader, string>> = {
  direct: "directly",
  tls: "by the load balancer",
  unconfirmed: "the same, confirming nothing",
};

/** A window of the server's, and what is on its way beside it. */
const QUEUE_MAX_KIB = 16;
const AGE_MAX_MS = 1_500;
const OTHERS_MAX_MS = 33;

export function slowTargets(outcomes: readonly ReaderOutcome[]): Target[] {
  return outcomes
    .filter(({ reader }) => reader !== "unconfirmed")
    .flatMap(({ reader, lostAfterSeconds, ageP99Ms, othersP99Ms, queuedMaxBytes }) => {
      const what = (figure: string) => `slow-reader: ${figure}, ${WORDS[reader]}`;
      return [
        {
          what: what("keeps its connection"),
          goal: "yes",
          measured: lostAfterSeconds === undefined ? "yes" : `lost after ${lostAfterSeconds} s`,
          met: lostAfterSeconds === undefined,
        },
        atMost(what("largest queue"), { value: queuedMaxBytes / 1_024, atMost: QUEUE_MAX_KIB, unit: "KiB", digits: 1 }),
        atMost(what("age of what it gets, p99"), { value: ageP99Ms, atMost: AGE_MAX_MS, unit: "ms", digits: 0 }),
        atMost(what("how late the others' snapshots are, p99"), {
          ...{ value: othersP99Ms, atMost: OTHERS_MAX_MS, unit: "ms", digits: 1 },
        }),
      ];
    });
}

export function slowTable(outcomes: readonly ReaderOutcome[]): string {
  const heads = [
    ...["", "B/s", "snapshots/s", "age p50 ms", "p99 ms", "queue KiB", "server MiB", "load balancer MiB"],
    ...["others p99 ms", "connection"],
  ];
  const rows = outcomes.map((one) => [
    WORDS[one.reader],
    ...[one.bytesPerSecond.toFixed(0), one.snapshotsPerSecond.toFixed(1)],
    ...[one.ageP50Ms.toFixed(0), one.ageP99Ms.toFixed(0), (one.queuedMaxBytes / 1_024).toFixed(1)],
    ...[signed(one.serverGrowthMiB), signed(one.albGrowthMiB), one.othersP99Ms.toFixed(1)],
    one.lostAfterSeconds === undefined ? "kept" : `lost after ${one.lostAfterSeconds} s`,
  ]);
  return formatTable(heads, rows);
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
