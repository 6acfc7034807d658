// A compose project of its own for a test run: `docker compose up --build` as a person would run it, on free ports of
// this machine, and away again with everything that it has made.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ComposeCommand, findCompose } from "../../infra/provision/compose.ts";
import { runToEnd } from "../../infra/provision/program.ts";
import { freePorts } from "../fixtures/stack.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** The same every time: what a run that was killed has left goes before the next one. */
const NAME = "tidegate-stories";
const OF_THE_PROJECT = ["--filter", `label=com.docker.compose.project=${NAME}`];
const UP_LIMIT_MS = 420_000;
const DOWN_LIMIT_MS = 90_000;
const DOCKER_LIMIT_MS = 30_000;
const DOOR_LIMIT_MS = 60_000;
const POLL_MS = 250;
/** Of each container. */
const LOG_LINES = 400;
const LOG_MAX_BYTES = 64 * 1024 * 1024;

export class ComposeProject {
  /** Where a browser goes. */
  readonly url: string;
  /** What commands need to find these containers and no others. */
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  readonly #compose: ComposeCommand;
  readonly #file = ["--project-directory", ROOT, "-f", join(ROOT, "docker-compose.yml")];

  private constructor(compose: ComposeCommand, home: string, [https, http, control, agent]: readonly number[]) {
    this.#compose = compose;
    this.home = home;
    this.url = `https://localhost:${https}`;
    this.environment = {
      ...{ COMPOSE_PROJECT_NAME: NAME, TIDEGATE_HOME: home, VERSION: "v1" },
      ...{ HTTPS_PORT: `${https}`, HTTP_PORT: `${http}`, CONTROL_PORT: `${control}`, AGENT_PORT: `${agent}` },
    };
  }

  /** Builds what has to be built, and resolves when the agent opens its door. Rejects with the end of what compose said. */
  static async up(): Promise<ComposeProject> {
    const compose = await findCompose();
    if (!compose) throw new Error("There is no docker compose here.");
    const home = join(ROOT, ".tidegate", "e2e-containers");
    rmSync(home, { recursive: true, force: true });
    const project = new ComposeProject(compose, home, await freePorts(4));
    await project.down();
    // Of an older compose file, which had others.
    for (const volume of (await project.left()).volumes) await docker("volume", "rm", volume);
    await project.#run(["up", "--build", "--detach"], UP_LIMIT_MS);
    await project.#untilOpen();
    return project;
  }

  /** Everything that belongs to it: containers, those of the agent among them, networks, volumes. */
  async down(): Promise<void> {
    await this.#run(["down", "--volumes", "--remove-orphans"], DOWN_LIMIT_MS);
  }

  /** The id of the running container that calls itself so, as the agent's tasks do. */
  async container(hostName: string): Promise<string> {
    const running = lines(await docker("ps", "--quiet", ...OF_THE_PROJECT));
    const named = lines(await docker("inspect", "--format", "{{.Config.Hostname}} {{.Id}}", ...running));
    const found = named.find((line) => line.startsWith(`${hostName} `));
    if (!found) throw new Error(`No container calls itself ${hostName}.`);
    return found.slice(hostName.length + 1);
  }

  /** What of it there is on this machine, running or not. */
  async left(): Promise<Record<"containers" | "networks" | "volumes", string[]>> {
    const [containers, networks, volumes] = await Promise.all([
      docker("ps", "--all", "--quiet", ...OF_THE_PROJECT),
      docker("network", "ls", "--quiet", ...OF_THE_PROJECT),
      docker("volume", "ls", "--quiet", ...OF_THE_PROJECT),
    ]);
    return { containers: lines(containers), networks: lines(networks), volumes: lines(volumes) };
  }

  /** What its containers have said lately, for who wonders why. */
  async logs(): Promise<string> {
    const { command, args } = this.#compose;
    const all = [...args, ...this.#file, "logs", "--tail", `${LOG_LINES}`, "--no-color", "--timestamps"];
    const options = {
      env: { ...process.env, ...this.environment },
      timeout: DOCKER_LIMIT_MS,
      maxBuffer: LOG_MAX_BYTES,
    };
    return (await promisify(execFile)(command, all, options)).stdout;
  }

  async #untilOpen(): Promise<void> {
    const door = `http://127.0.0.1:${this.environment.AGENT_PORT}/stack`;
    const deadlineMs = performance.now() + DOOR_LIMIT_MS;
    while (!(await fetch(door).catch(() => undefined))?.ok) {
      if (performance.now() > deadlineMs) throw new Error(`The agent is not there in time:\n${await this.logs()}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #run(args: readonly string[], timeoutMs: number): Promise<string> {
    const { command, args: first } = this.#compose;
    const all = [...first, ...this.#file, ...args];
    const { code, output } = await runToEnd(command, all, { timeoutMs, env: this.environment });
    if (code !== 0) throw new Error(`docker compose ${args[0]} ended with ${code}:\n${output}`);
    return output;
  }
}

/** What it says; rejects when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { code, output } = await runToEnd("docker", args, { timeoutMs: DOCKER_LIMIT_MS });
  if (code !== 0) throw new Error(`docker ${args.join(" ")} ended with ${code}:\n${output}`);
  return output;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
