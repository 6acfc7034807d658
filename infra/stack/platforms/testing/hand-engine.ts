// For tests: a Docker engine without Docker. Its containers are processes of this machine that run one script; it remembers what it was
// asked to make.
import { type ChildProcess, spawn } from "node:child_process";
import { type Container, type DockerEngine, EngineRefusal, type RunConfig } from "../docker-engine.ts";

interface Kept {
  container: Container;
  process: ChildProcess | undefined;
  output: string;
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15 };

export class HandEngine implements DockerEngine {
  /** In the order in which they were asked for. */
  readonly created: { readonly name: string; readonly body: Record<string, unknown> }[] = [];
  readonly image: RunConfig;
  readonly #script: string;
  readonly #kept = new Map<string, Kept>();
  #lastId = 0;
  /** What `wait` answers next instead of the truth. */
  trouble: Error | undefined;

  constructor(script: string, image: RunConfig = {}) {
    this.#script = script;
    this.image = image;
  }

  /** As Compose has made it; with `isRunning` its process runs. */
  put(container: Container, isRunning: boolean): void {
    this.#kept.set(container.Id, { container, process: undefined, output: "" });
    if (isRunning) this.#run(container.Id);
  }

  get alive(): number {
    return [...this.#kept.values()].filter(({ container }) => container.State.Running).length;
  }

  names(): string[] {
    return [...this.#kept.values()].map(({ container }) => container.Name);
  }

  hasListened(): boolean {
    return [...this.#kept.values()].some(
      ({ container, output }) => container.State.Running && output.includes("listening"),
    );
  }

  close(): void {
    for (const { process } of this.#kept.values()) process?.kill("SIGKILL");
  }

  async list(labels: Readonly<Record<string, string>>): Promise<string[]> {
    const has = ({ container: { Config } }: Kept) =>
      Object.entries(labels).every(([name, value]) => Config.Labels?.[name] === value);
    return [...this.#kept].filter(([, kept]) => has(kept)).map(([id]) => id);
  }

  async inspect(id: string): Promise<Container> {
    return this.#find(id).container;
  }

  async imageConfig(): Promise<RunConfig> {
    return this.image;
  }

  async create(name: string, body: object): Promise<string> {
    const asked = body as Record<string, unknown> & Container["Config"] & { HostConfig: Container["HostConfig"] };
    if (asked.Image.endsWith(":missing")) throw new EngineRefusal(404, `No such image: ${asked.Image}`);
    this.created.push({ name, body: asked });
    this.#lastId += 1;
    const id = `made${this.#lastId}`;
    const { HostConfig, Image } = asked;
    const seen = { Id: id, Name: `/${name}`, Created: `2026-01-02T00:00:0${this.#lastId}Z`, Image };
    const Networks = { front: { IPAddress: "127.0.0.1" } };
    const State = { Running: false, ExitCode: 0, FinishedAt: "" };
    this.put({ ...seen, Config: asked, HostConfig, NetworkSettings: { Networks }, State }, false);
    return id;
  }

  async start(id: string): Promise<void> {
    this.#run(id);
  }

  async kill(id: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { container, process } = this.#find(id);
    if (!container.State.Running) throw new EngineRefusal(409, `Container ${id} is not running`);
    process?.kill(signal);
  }

  async wait(id: string): Promise<number> {
    const trouble = this.trouble;
    this.trouble = undefined;
    if (trouble) throw trouble;
    const kept = this.#find(id);
    if (kept.container.State.Running) await new Promise((resolve) => kept.process?.once("close", resolve));
    return kept.container.State.ExitCode;
  }

  async logs(id: string): Promise<string> {
    return this.#find(id).output.trimEnd();
  }

  async remove(id: string): Promise<void> {
    if (this.#find(id).container.State.Running) throw new EngineRefusal(409, `Container ${id} is running`);
    this.#kept.delete(id);
  }

  async killAndRemove(id: string): Promise<void> {
    this.#find(id).process?.kill("SIGKILL");
    this.#kept.delete(id);
  }

  #find(id: string): Kept {
    const kept = this.#kept.get(id);
    if (!kept) throw new EngineRefusal(404, `No such container: ${id}`);
    return kept;
  }

  #run(id: string): void {
    const kept = this.#find(id);
    const variables = (kept.container.Config.Env ?? []).map((line) => line.split("=", 2) as [string, string]);
    const running = spawn(process.execPath, ["-e", this.#script], { env: Object.fromEntries(variables) });
    for (const stream of [running.stdout, running.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        kept.output += chunk;
      });
    }
    kept.process = running;
    kept.container = { ...kept.container, State: { ...kept.container.State, Running: true } };
    running.once("close", (code, signal) => {
      const ExitCode = code ?? 128 + (SIGNAL_NUMBERS[signal ?? ""] ?? 0);
      kept.container = { ...kept.container, State: { Running: false, ExitCode, FinishedAt: new Date().toISOString() } };
    });
  }
}

export const composeContainer = (id: string, changes: Partial<Container["Config"]> = {}): Container => ({
  Id: id,
  Name: `/tide-game-${id.slice(-1)}`,
  Created: `2026-01-01T00:00:0${id.slice(-1)}Z`,
  Image: "sha256:of-the-model",
  Config: {
    ...{ Hostname: id, Image: "registry:5000/tidegate-game:v1" },
    Env: ["PATH=/bin", "PORT=8000", "REDIS_URL=redis://redis", "VERSION=v1", "GENERATION=4", "TARGET_GROUP_ARN=arn:tg"],
    Labels: {
      "com.docker.compose.project": "tide",
      "com.docker.compose.service": "game",
      "com.docker.compose.container-number": id.slice(-1),
      "com.docker.compose.oneoff": "False",
    },
    ...changes,
  },
  HostConfig: { NetworkMode: "tide_default", ReadonlyRootfs: true, Memory: 1_073_741_824 },
  NetworkSettings: { Networks: { tide_default: { IPAddress: "127.0.0.1" } } },
  State: { Running: false, ExitCode: 0, FinishedAt: "" },
});
