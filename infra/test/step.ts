// Runs one step of a check or a test run as a process, with its output on the screen, and says how long it took.
import { type ChildProcess, spawn } from "node:child_process";

/** A log is no terminal: no colours there. */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: "1" };

export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly tookMs: number;
}

const running = new Set<ChildProcess>();

/** `quiet` keeps the output back unless the step fails: for steps that run side by side. */
export function runStep(step: Step, { quiet }: { quiet: boolean }): Promise<StepResult> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
      env: { ...process.env, ...plain, ...step.env },
    });
    running.add(child);
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on("close", (code) => {
      running.delete(child);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      resolve({ name: step.name, passed: code === 0, tookMs: performance.now() - startedMs });
    });
  });
}

/** A step that runs in this process: it passes when it finds nothing to complain about. */
export function judge(name: string, complain: () => readonly string[]): StepResult {
  const startedMs = performance.now();
  const complaints = complain();
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  return { name, passed: complaints.length === 0, tookMs: performance.now() - startedMs };
}

export function report({ name, passed, tookMs }: StepResult): void {
  process.stdout.write(`${passed ? "ok  " : "FAIL"} ${name} (${(tookMs / 1000).toFixed(1)} s)\n`);
}

/** Ctrl-C ends the steps under way, and this process once they have ended. */
export function endStepsOnSignals(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      for (const child of running) child.kill(name);
      process.exitCode = 1;
      const waiting = [...running].map((child) => new Promise((resolve) => child.once("close", resolve)));
      void Promise.all(waiting).then(() => process.exit(1));
    });
  }
}
