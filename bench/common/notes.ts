// What every measurement writes down besides its figures, and where: JSON files, and lines for people on stderr.
import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { dirname, resolve } from "node:path";

/** When and on what a run took place. */
export function circumstances() {
  const processors = cpus();
  return {
    at: new Date().toISOString(),
    machine: {
      processor: processors[0]?.model.trim(),
      processors: processors.length,
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      system: `${platform()} ${release()} ${arch()}`,
      node: process.version,
    },
  };
}

/** The folder of everything that measurements leave: `.tidegate/bench`, or below TIDEGATE_HOME. */
export const benchHome = (root: string): string => resolve(root, process.env.TIDEGATE_HOME || ".tidegate", "bench");

/** Where the figures of a measurement go unless a flag says otherwise. */
export const jsonFileOf = (root: string, name: string): string => resolve(benchHome(root), `${name}.json`);

export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

export const say = (line: string): void => void process.stderr.write(`${line}\n`);
