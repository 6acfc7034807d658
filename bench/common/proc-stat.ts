// Reads the text of Linux's /proc/PID/stat, /proc/PID/task/TID/schedstat and /proc/stat. Pure.

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** The name in the second field may hold spaces and parentheses, so fields are counted from its last `)`. */
export function parseProcessStat(text: string): ProcessStat {
  const nameEnd = text.lastIndexOf(")");
  const fields = text.slice(nameEnd + 2).split(" ");
  const [parent, userTicks, systemTicks] = [fields[1], fields[11], fields[12]].map(Number);
  const pid = Number.parseInt(text, 10);
  if (nameEnd < 0 || ![pid, parent, userTicks, systemTicks].every(Number.isInteger)) {
    throw new Error(`Cannot read this as /proc/PID/stat: ${text.slice(0, 80)}`);
  }
  return { pid, parent: parent!, userTicks: userTicks!, systemTicks: systemTicks! };
}

/** Nanoseconds on a processor: the first field. */
export function parseSchedstat(text: string): number {
  const ns = Number(text.split(" ")[0]);
  if (text.trim() === "" || !Number.isFinite(ns)) {
    throw new Error(`Cannot read this as /proc/PID/schedstat: ${text.slice(0, 80)}`);
  }
  return ns;
}

export interface MachineStat {
  readonly idleTicks: number;
  readonly totalTicks: number;
}

/** All processors together. Guests' time is part of user's, so it is not added again. */
export function parseMachineStat(text: string): MachineStat {
  const [, ...fields] = (text.split("\n")[0] ?? "").trim().split(/\s+/);
  const ticks = fields.slice(0, 8).map(Number);
  if (!text.startsWith("cpu ") || ticks.length < 5 || !ticks.every(Number.isFinite)) {
    throw new Error(`Cannot read this as /proc/stat: ${text.slice(0, 80)}`);
  }
  return { idleTicks: ticks[3]! + ticks[4]!, totalTicks: ticks.reduce((sum, one) => sum + one, 0) };
}

/** `root` and all its descendants. */
export function treeOf(stats: readonly ProcessStat[], root: number): ProcessStat[] {
  const own = stats.filter((one) => one.pid === root);
  return [...own, ...stats.filter((one) => one.parent === root).flatMap((child) => treeOf(stats, child.pid))];
}
