// A stopwatch for processor time: of one process with its children, and of the machine.
import { type CpuReading, idleShare, readCpu, readMachine } from "./cpu-meter.ts";

/** What was used since a meter was started. */
export interface Reading {
  readonly seconds: number;
  readonly cpu: CpuReading | undefined;
  readonly idle: number;
}

/** Gives, whenever asked, what has been used since now. Without a process only the machine is looked at. */
export function startMeter(pid: number | undefined): () => Reading {
  const before = pid === undefined ? undefined : readCpu(pid);
  const machine = readMachine();
  const startMs = performance.now();
  return () => {
    const after = pid === undefined ? undefined : readCpu(pid);
    const seconds = (performance.now() - startMs) / 1_000;
    const idle = idleShare(machine, readMachine());
    if (!before || !after) return { seconds, idle, cpu: undefined };
    const cpu = {
      totalMs: after.totalMs - before.totalMs,
      userMs: after.userMs - before.userMs,
      systemMs: after.systemMs - before.systemMs,
    };
    return { seconds, idle, cpu };
  };
}
