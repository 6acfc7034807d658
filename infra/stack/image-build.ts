// Builds the image of a version of the game server, as docker-compose.yml describes it, so that containers of it can be
// started. What Docker says goes into a log.
import { findCompose, hasDockerEngine } from "../provision/compose.ts";
import { type Say, withProgress } from "../provision/progress.ts";
import { describeExit, spawnChild } from "./child.ts";
import type { Home } from "./home.ts";
import { lastLines } from "./log-file.ts";
import { Refusal } from "./refusal.ts";

const BUILD_TIMEOUT_MS = 600_000;
const ERROR_LINES_SHOWN = 12;
const GAME_SERVICE = "game";

export interface ImageBuild {
  /** The folder with docker-compose.yml. */
  readonly root: string;
  readonly home: Home;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly say: Say;
}

/** Rejects with a Refusal: no Docker, or the end of what it says when the image does not build. */
export async function buildImage({ root, home, version, signal, say }: ImageBuild): Promise<void> {
  const [compose, hasEngine] = await Promise.all([findCompose(), hasDockerEngine()]);
  if (!compose || !hasEngine) {
    const missing = compose
      ? "no Docker engine answers here; start one"
      : "there is no docker compose here; install Docker with its Compose plugin";
    throw new Refusal("no-docker", `The image of ${version} cannot be built: ${missing}.`);
  }
  const child = spawnChild({
    name: `image ${version}`,
    command: compose.command,
    args: [...compose.args, "build", GAME_SERVICE],
    cwd: root,
    env: { ...process.env, VERSION: version },
    logFile: home.log(`image-${version}`),
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(BUILD_TIMEOUT_MS)]);
  const end = () => child.signal("SIGTERM");
  limit.addEventListener("abort", end);
  if (limit.aborted) end();
  const exit = await withProgress(`Building the image of ${version}`, say, () => child.exited);
  limit.removeEventListener("abort", end);
  if (exit.code === 0) return;
  const lines = lastLines(child.logFile, ERROR_LINES_SHOWN);
  throw new Refusal(
    "image-build-failed",
    `The image of ${version} does not build (${describeExit(exit)}); the end of ${child.logFile}:\n${lines}`,
  );
}
