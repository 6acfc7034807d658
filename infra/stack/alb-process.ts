// The bundled load balancer as a child process. It is known here only by its flags, the line that says it is ready, and
// the ELBv2 API.
import { z } from "zod";
import { type Child, describeExit, spawnChild } from "./child.ts";
import { deferred } from "./deferred.ts";
import type { Environment } from "./environment.ts";
import type { Home } from "./home.ts";
import { lastLines } from "./log-file.ts";
import { Refusal } from "./refusal.ts";
import { typescriptArguments } from "./typescript.ts";

const READY_TIMEOUT_MS = 30_000;
const LOG_LINES_SHOWN = 5;

const readySchema = z.object({
  event: z.literal("ready"),
  control: z.url(),
  ca: z.string(),
  certificateArn: z.string(),
});

export type AlbReady = z.infer<typeof readySchema>;

export interface AlbProcess {
  readonly child: Child;
  readonly ready: AlbReady;
}

/** Resolves when its control API answers. */
export async function startAlb(
  root: string,
  environment: Environment,
  home: Home,
  onSpawn: (child: Child) => void,
): Promise<AlbProcess> {
  const { promise, resolve, reject } = deferred<AlbReady>();
  const child = spawnChild({
    name: "alb",
    command: process.execPath,
    args: [...typescriptArguments(root, "infra/alb/main.ts"), ...albFlags(environment, home)],
    cwd: root,
    logFile: home.log("alb"),
    onLine: (line) => {
      const ready = readReady(line);
      if (ready) resolve(ready);
    },
  });
  onSpawn(child);
  const refuse = (why: string) =>
    reject(new Refusal("alb-failed", `The load balancer ${why}: ${lastLines(child.logFile, LOG_LINES_SHOWN)}`));
  const timer = setTimeout(() => refuse(`is not ready after ${READY_TIMEOUT_MS / 1000} s`), READY_TIMEOUT_MS);
  void child.exited.then((exit) => refuse(`ended while it started (${describeExit(exit)})`));
  try {
    return { child, ready: await promise };
  } finally {
    clearTimeout(timer);
  }
}

const albFlags = (environment: Environment, home: Home): string[] => [
  ...["--home", home.path, "--control-port", String(environment.controlPort)],
  ...["--access-log", home.accessLog, "--fast-health-checks"],
];

function readReady(line: string): AlbReady | undefined {
  if (!line.includes('"ready"')) return undefined;
  try {
    return readySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a line of text that happens to hold the word
  }
}
