// Finds Docker on this machine: the engine, and the command that reads docker-compose.yml. It installs and starts nothing.
import { findProgram, runToEnd } from "./program.ts";

const ANSWER_TIMEOUT_MS = 10_000;

/** A program with its first arguments. */
export interface ComposeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** `docker compose`, else `docker-compose`; undefined where there is neither. */
export async function findCompose(): Promise<ComposeCommand | undefined> {
  const docker = findProgram(["docker"]);
  if (docker && (await answers(docker, ["compose", "version"]))) return { command: docker, args: ["compose"] };
  const standalone = findProgram(["docker-compose"]);
  return standalone === undefined ? undefined : { command: standalone, args: [] };
}

/** Whether a Docker engine can be reached from here. */
export async function hasDockerEngine(): Promise<boolean> {
  const docker = findProgram(["docker"]);
  return docker !== undefined && (await answers(docker, ["version", "--format", "{{.Server.Version}}"]));
}

const answers = async (command: string, args: readonly string[]): Promise<boolean> =>
  (await runToEnd(command, [...args], { timeoutMs: ANSWER_TIMEOUT_MS })).code === 0;
