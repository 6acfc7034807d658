// Telling a process from a later one that got the same pid: the pid together with the moment of its start.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Undefined when no such process runs. */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === "linux") return linuxIdentity(pid);
  const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  const started = stdout?.trim();
  return status === 0 && started ? `${pid}@${started}` : undefined;
}

/** Field 22 of /proc/<pid>/stat is the start time since boot; the name in field 2 may contain anything but a last ")". */
function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined; // ended, and only waits for its parent to look
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${pid}@${fields[19]}@${boot}`;
  } catch {
    return undefined; // no such process
  }
}
