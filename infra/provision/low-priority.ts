// Work that may take its time, on a machine on which people play: the scheduler gives it what nobody else wants.
import { findProgram } from "./program.ts";

const LOWEST = "19";

/** The command that runs `command` at the lowest priority; the same command where there is no `nice`. */
export function atLowPriority(
  command: string,
  args: readonly string[],
  nice: string | null = findProgram(["nice"]) ?? null,
): { command: string; args: string[] } {
  if (nice === null) return { command, args: [...args] };
  return { command: nice, args: ["-n", LOWEST, command, ...args] };
}
