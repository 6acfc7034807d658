// A Redis of our own: loopback, nothing kept on disk, ends with us. The port stays the same over restarts, so that
// servers find it again; what was in it does not.
import { mkdirSync } from "node:fs";
import { type Child, endChild, spawnChild } from "../stack/child.ts";
import { systemClock } from "../stack/clock.ts";
import { freePort } from "../stack/ports.ts";
import { Refusal } from "../stack/refusal.ts";
import { probeRedis } from "./redis-probe.ts";

const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 20;
const PROBE_TIMEOUT_MS = 1_000;
const PORT_ATTEMPTS = 5;
const END_TIMEOUT_MS = 2_000;

export interface EmbeddedRedis {
  readonly child: Child;
  readonly port: number;
  readonly url: string;
  end(): Promise<void>;
}

export interface EmbeddedRedisOptions {
  readonly program: string;
  readonly directory: string;
  readonly logFile: string;
  /** Called as soon as the process exists, before it answers. */
  readonly onSpawn?: (child: Child) => void;
  /** The port of the former one when it is started again; else any free one. */
  readonly port?: number;
}

export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  mkdirSync(options.directory, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const redis = await tryPort(options, port);
    if (redis) return redis;
    if (attempt === PORT_ATTEMPTS || options.port !== undefined) {
      throw new Refusal("redis-failed", `Redis does not start (${options.program}): see ${options.logFile}.`);
    }
  }
}

/** Undefined when the process ended, most likely since somebody took the port in between. */
async function tryPort(options: EmbeddedRedisOptions, port: number): Promise<EmbeddedRedis | undefined> {
  const child = spawnChild({
    name: "redis",
    command: options.program,
    args: redisArguments(port, options.directory),
    logFile: options.logFile,
  });
  options.onSpawn?.(child);
  if (!(await answers(child, port))) return undefined;
  const url = `redis://127.0.0.1:${port}`;
  return { child, port, url, end: () => endChild(child, END_TIMEOUT_MS, systemClock) };
}

const redisArguments = (port: number, directory: string): string[] => [
  ...["--port", String(port), "--bind", "127.0.0.1", "--protected-mode", "yes"],
  ...["--save", "", "--appendonly", "no", "--dir", directory, "--daemonize", "no"],
];

async function answers(child: Child, port: number): Promise<boolean> {
  const url = new URL(`redis://127.0.0.1:${port}`);
  const deadlineMs = systemClock.nowMs() + START_TIMEOUT_MS;
  while (systemClock.nowMs() < deadlineMs && child.exit === undefined) {
    const version = await probeRedis(url, PROBE_TIMEOUT_MS).catch(() => undefined); // not yet
    if (version !== undefined && child.exit === undefined) return true;
    await systemClock.sleep(START_POLL_MS);
  }
  child.signal("SIGKILL");
  return false;
}
