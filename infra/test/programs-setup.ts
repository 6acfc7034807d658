// Vitest's global setup: the programs that many tests start, each made one file once, named by TEST_SERVER_PROGRAM and TEST_ALB_PROGRAM. From
// its sources a program takes four times as long to start.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../stack/bundle.ts";
import { repositoryRoot } from "../stack/environment.ts";

const PROGRAMS = {
  TEST_SERVER_PROGRAM: { script: "server/main.ts" },
  // What makes the console's page is asked for only when somebody looks at it.
  TEST_ALB_PROGRAM: { script: "infra/alb/main.ts", external: ["esbuild"] },
} as const;

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-programs-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove); // a run that was interrupted comes here without the teardown
  const { signal } = new AbortController();
  await Promise.all(
    Object.entries(PROGRAMS).map(async ([variable, program]) => {
      const output = join(folder, `${variable}.mjs`);
      await bundle({ root: repositoryRoot, ...program, output, signal });
      process.env[variable] = output;
    }),
  );
  return remove;
}
