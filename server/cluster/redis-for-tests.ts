// A redis-server for tests: the one of the global setup (TEST_REDIS_URL), or one of the test's own that it can kill.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export interface TestRedis {
  url: string;
  port: number;
  /** SIGKILL, as a crash; it comes back empty with `startRedis(port)`. */
  kill(): Promise<void>;
  /** Takes connections and bytes, and does nothing with them any more, as behind a route that is gone. */
  freeze(): void;
}

/**
 * Starts an empty Redis (the program that REDIS_BIN names, else redis-server) on loopback; without `port`, on a free one. `settings` are further
 * arguments of the program, by the port.
 */
export async function startRedis(
  port?: number,
  settings = (chosen: number) => ["--port", `${chosen}`],
): Promise<TestRedis> {
  const chosen = port ?? (await freePort());
  const args = [...settings(chosen), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(process.env.REDIS_BIN ?? "redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.off("exit", killAtExit));
  await readyLine(child);
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    freeze: () => void child.kill("SIGSTOP"),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The Redis that all tests may share; keys are kept apart by a prefix. */
export async function sharedRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.TEST_REDIS_URL;
  if (url) return { url, stop: async () => {} };
  const own = await startRedis();
  return { url: own.url, stop: () => own.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("cannot find a free port");
  return address.port;
}

async function readyLine(child: ChildProcess): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`redis-server ended: ${output}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ready to accept connections")) resolve();
    });
  });
}
