// CPU time of a process with its children and threads, and of the machine, from /proc. Linux only.
import { readdirSync, readFileSync } from "node:fs";
import {
  type MachineStat,
  type ProcessStat,
  parseMachineStat,
  parseProcessStat,
  parseSchedstat,
  treeOf,
} from "./proc-stat.ts";

/** What /proc/PID/stat counts in (USER_HZ is 100 on every Linux that Node runs on). */
const TICK_MS = 10;

export interface CpuReading {
  /** User and system together; to the nanosecond where the kernel keeps schedstat. */
  readonly totalMs: number;
  readonly userMs: number;
  readonly systemMs: number;
}

export function readCpu(pid: number): CpuReading {
  const tree = treeOf(allProcesses(), pid);
  const userMs = tree.reduce((sum, one) => sum + one.userTicks * TICK_MS, 0);
  const systemMs = tree.reduce((sum, one) => sum + one.systemTicks * TICK_MS, 0);
  const exactMs = tree.reduce((sum, one) => sum + threadsMs(one.pid), 0);
  return { totalMs: Number.isNaN(exactMs) ? userMs + systemMs : exactMs, userMs, systemMs };
}

export const readMachine = (): MachineStat => parseMachineStat(readFileSync("/proc/stat", "utf8"));

export const idleShare = (before: MachineStat, after: MachineStat): number =>
  (after.idleTicks - before.idleTicks) / Math.max(1, after.totalTicks - before.totalTicks);

/** Resident memory, in MiB, of the process with its children. */
export const readMemoryMiB = (pid: number): number =>
  treeOf(allProcesses(), pid).reduce((sum, one) => {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${one.pid}/status`, "utf8"))?.[1];
    return sum + Number(kib ?? 0) / 1024;
  }, 0);

function allProcesses(): ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseProcessStat(readFileSync(`/proc/${pid}/stat`, "utf8"))];
      } catch (error) {
        if (isGone(error)) return []; // it ended between the listing and the look at it
        throw error;
      }
    });
}

/** NaN where the kernel keeps no schedstat. */
function threadsMs(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return (
      threads.reduce((sum, id) => sum + parseSchedstat(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8")), 0) /
      1e6
    );
  } catch (error) {
    if (isGone(error)) return Number.NaN;
    throw error;
  }
}

const isGone = (error: unknown): boolean => ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
