// Vitest's global setup: one empty Redis of our own for the tests that need one, named by TEST_REDIS_URL.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedRedis } from "../provision/embedded-redis.ts";
import { sayOnStderr } from "../provision/progress.ts";
import { provisionRedisProgram } from "../provision/redis.ts";

export default async function setUpRedis(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_REDIS_URL) return undefined;
  const program = await provisionRedisProgram(sayOnStderr);
  process.env.REDIS_BIN ??= program; // for tests that start, and kill, a Redis of their own
  const directory = mkdtempSync(join(tmpdir(), "tidegate-redis-"));
  const redis = await startEmbeddedRedis({ program, directory, logFile: join(directory, "redis.log") });
  process.env.TEST_REDIS_URL = redis.url;
  process.once("exit", () => {
    redis.child.signal("SIGKILL"); // a run that was interrupted comes here without the teardown
    rmSync(directory, { recursive: true, force: true });
  });
  return () => redis.end();
}
