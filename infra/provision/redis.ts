// Where Redis comes from: REDIS_URL; else redis-server or valkey-server on PATH; else the system's package manager;
// else one sentence saying what to install. It starts none: embedded-redis.ts does.
import { Refusal } from "../stack/refusal.ts";
import { installPackage } from "./install-package.ts";
import { findInstalledProgram, findProgram, runToEnd } from "./program.ts";
import type { Say } from "./progress.ts";
import { probeRedis } from "./redis-probe.ts";

/** Sharded publish/subscribe came with this version. */
const MINIMUM_MAJOR = 7;
const PROBE_TIMEOUT_MS = 3_000;
const VERSION_TIMEOUT_MS = 5_000;
const PROGRAMS = ["redis-server", "valkey-server"] as const;

export type RedisSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "program"; readonly program: string };

export async function provisionRedis(redisUrl: string | undefined, say: Say): Promise<RedisSource> {
  if (redisUrl !== undefined) return { kind: "url", url: await checkUrl(redisUrl) };
  return { kind: "program", program: await provisionRedisProgram(say) };
}

/** The path of a Redis that can be started here. */
export async function provisionRedisProgram(say: Say): Promise<string> {
  const found = process.env.REDIS_BIN ?? findProgram(PROGRAMS);
  if (found) return checkProgram(found);
  const installation = await installPackage("redis", say);
  const installed = installation.done ? findInstalledProgram(PROGRAMS) : undefined;
  if (installed) return checkProgram(installed);
  const why = installation.done ? "the package brought no redis-server" : installation.why;
  const advice = installation.done ? undefined : installation.advice;
  throw new Refusal(
    "redis-missing",
    `Redis ${MINIMUM_MAJOR} or newer is needed and ${why}: install it${advice ? ` (${advice})` : ""}, or set REDIS_URL to one that runs.`,
  );
}

async function checkUrl(redisUrl: string): Promise<string> {
  const url = new URL(redisUrl);
  const where = `${url.hostname}:${url.port || "6379"}`; // never the password
  const version = await probeRedis(url, PROBE_TIMEOUT_MS).catch((error: Error) => {
    throw new Refusal(
      "redis-unreachable",
      `Cannot reach the Redis that REDIS_URL names (${where}): ${error.message}.`,
      {
        cause: error,
      },
    );
  });
  refuseOld(version, `The Redis that REDIS_URL names (${where})`);
  return redisUrl;
}

async function checkProgram(program: string): Promise<string> {
  const { output } = await runToEnd(program, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS });
  const version = /\bv=(\d[\w.]*)/.exec(output)?.[1];
  if (version === undefined)
    throw new Refusal("redis-broken", `${program} does not tell its version: ${output.trim()}.`);
  refuseOld(version, program);
  return program;
}

function refuseOld(version: string, what: string): void {
  if (Number.parseInt(version, 10) >= MINIMUM_MAJOR) return;
  throw new Refusal("redis-too-old", `${what} is version ${version}: ${MINIMUM_MAJOR} or newer is needed.`);
}
