import { expect, test } from "vitest";
import { parseMachineStat, parseProcessStat, parseSchedstat, treeOf } from "./proc-stat.ts";

const line = (pid: number, name: string, parent: number, user: number, system: number) =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 100 0 0 0 ${user} ${system} 0 0 20 0 1 0 500 1000000 100 18446744073709551615`;

test("parent and CPU time are read from a process's line, whatever its name holds", () => {
  const expected = { pid: 42, parent: 7, userTicks: 123, systemTicks: 45 };
  expect(parseProcessStat(line(42, "nginx", 7, 123, 45))).toEqual(expected);
  expect(parseProcessStat(line(42, "nginx: worker (1) S 9", 7, 123, 45))).toEqual(expected);
});

test("what is no process's line is refused", () => {
  expect(() => parseProcessStat("")).toThrow("Cannot read this as /proc/PID/stat");
  expect(() => parseProcessStat("42 (name) S")).toThrow("Cannot read this as /proc/PID/stat");
});

test("the first number of schedstat is the time on a processor", () => {
  expect(parseSchedstat("51646123 77 9\n")).toBe(51_646_123);
  expect(() => parseSchedstat("\n")).toThrow("schedstat");
});

test("the machine's idle time holds what it waited for disks, and the whole counts guests only once", () => {
  const text = "cpu  100 5 50 800 20 1 4 10 30 3\ncpu0 50 2 25 400 10 0 2 5 15 1\n";
  expect(parseMachineStat(text)).toEqual({ idleTicks: 820, totalTicks: 990 });
  expect(() => parseMachineStat("intr 1 2 3")).toThrow("Cannot read this as /proc/stat");
});

test("a tree is a process with its children and theirs, and nobody else", () => {
  const stats = [line(1, "init", 0, 1, 1), line(10, "master", 1, 1, 1), line(11, "worker", 10, 1, 1)];
  const more = [line(12, "helper", 11, 1, 1), line(20, "other", 1, 1, 1)];
  const pids = treeOf([...stats, ...more].map(parseProcessStat), 10).map(({ pid }) => pid);
  expect(pids).toEqual([10, 11, 12]);
  expect(treeOf([], 10)).toEqual([]);
});
