// Tasks as containers of one Compose service: those that `docker compose up` has started are adopted, further ones are made like them
// (sibling.ts). They start one after the other: each start costs CPU that the players would miss.
import { describeExit, type Exit } from "../child.ts";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import { type Container, type DockerEngine, EngineRefusal } from "./docker-engine.ts";
import type { Address, Platform, Task, TaskSpec } from "./platform.ts";
import { imageOf, LABELS, numberOf, ownVariablesOf, siblingOf, variablesOf } from "./sibling.ts";

const LISTEN_TIMEOUT_MS = 30_000;
const POLL_MS = 200;
/** Between two questions how a container has ended, while the engine does not answer. */
const ENGINE_RETRY_MS = 1_000;
const LOG_LINES_SHOWN = 8;
/** Of one that has died; its container goes, and its log with it. */
const LAST_WORDS_LINES = 20;
/** How long a container that has ended stays: whoever has ended it by Compose takes it away himself. */
const REMOVE_AFTER_MS = 5_000;

export interface ContainerPlatformOptions {
  readonly engine: DockerEngine;
  readonly project: string;
  readonly service: string;
  readonly clock: Clock;
  /** Whether a server listens there. */
  readonly listens: (address: Address) => Promise<boolean>;
  readonly say: (line: string) => void;
}

export class ContainerPlatform implements Platform {
  readonly #options: ContainerPlatformOptions;
  /** Container ids by task. */
  readonly #containers = new Map<string, string>();
  /** The highest of Compose's numbers that was ever seen: numbers are not used again, and so neither are addresses. */
  #lastNumber = 0;
  /** What others are made like, when no container is left. */
  #lastModel: Container | undefined;
  /** Settles when the start that was asked for last has come to its end. */
  #lastStart: Promise<unknown> = Promise.resolve();

  constructor(options: ContainerPlatformOptions) {
    this.#options = options;
  }

  startTask(spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    const starting = this.#lastStart.then(() => this.#start(spec, signal));
    this.#lastStart = starting.catch(() => {}); // its caller gets the error
    return starting;
  }

  stopTask(task: Task): void {
    this.#signal(task, "SIGTERM");
  }

  kill(task: Task): void {
    this.#signal(task, "SIGKILL");
  }

  /** The containers of the service that run and that this platform has not started: Compose has, or an agent before. Each is told once. */
  async newcomers(): Promise<Task[]> {
    const containers = await this.#all();
    const unknown = containers.filter(({ State, Id }) => State.Running && !this.#isOurs(Id));
    return unknown.map((container) => this.#asTask(container, specOf(container)));
  }

  // --- start --------------------------------------------------------------------------------------------------------

  async #start(spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    if (signal.aborted) throw cancelled(spec);
    const { engine } = this.#options;
    await this.#all();
    const model = this.#lastModel;
    if (!model) throw noModel();
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const sibling = siblingOf(model, await engine.imageConfig(model.Image), spec, number);
    const id = await engine.create(sibling.name, sibling.body).catch((error: Error) => {
      throw noImage(error, imageOf(model.Config.Image, spec.version));
    });
    this.#containers.set(spec.id, id); // before it runs, so that it is no newcomer
    try {
      await engine.start(id);
      const task = this.#asTask(await engine.inspect(id), spec);
      await this.#waitListening(task, id, signal);
      return task;
    } catch (error) {
      this.#containers.delete(spec.id);
      await engine
        .killAndRemove(id)
        .catch((reason: Error) => this.#options.say(`${spec.id} stays behind: ${reason.message}`));
      throw error;
    }
  }

  async #waitListening(task: Task, id: string, signal: AbortSignal): Promise<void> {
    const { clock, listens } = this.#options;
    const deadlineMs = clock.nowMs() + LISTEN_TIMEOUT_MS;
    const end: { exit?: Exit } = {};
    void task.exited.then((exit) => {
      end.exit = exit;
    });
    while (!(await listens(task.address))) {
      if (signal.aborted) throw cancelled(task.spec);
      if (end.exit) throw await this.#failed(task, id, `ended before it listened (${describeExit(end.exit)})`);
      if (clock.nowMs() >= deadlineMs) {
        throw await this.#failed(task, id, `does not listen after ${LISTEN_TIMEOUT_MS / 1000} s`);
      }
      await clock.sleep(POLL_MS, signal);
    }
    if (signal.aborted) throw cancelled(task.spec);
  }

  async #failed(task: Task, id: string, why: string): Promise<Refusal> {
    const lines = await this.#options.engine.logs(id, LOG_LINES_SHOWN).catch((error: Error) => error.message);
    return new Refusal("task-failed", `${task.spec.id} ${why}; the end of its output:\n${lines}`);
  }

  // --- end ----------------------------------------------------------------------------------------------------------

  #signal(task: Task, signal: "SIGTERM" | "SIGKILL"): void {
    const id = this.#containers.get(task.spec.id);
    if (id === undefined) return; // it has ended
    this.#options.engine.kill(id, signal).catch((error: Error) => {
      // 409: it has ended at this moment; 404: and somebody has taken it away.
      if (error instanceof EngineRefusal && [404, 409].includes(error.status)) return;
      this.#options.say(`${signal} does not reach ${task.spec.id}: ${error.message}`);
    });
  }

  #asTask(container: Container, spec: TaskSpec): Task {
    const { Id: id } = container;
    this.#containers.set(spec.id, id);
    const exited = this.#end(id).then(async (exit) => {
      this.#containers.delete(spec.id);
      if (exit.code !== 0) await this.#tellLastWords(spec, id);
      void this.#removeLater(spec, id);
      return exit;
    });
    const log = `docker logs ${container.Name.replace(/^\//, "")} (once it has ended, the agent's)`;
    return { spec, pid: undefined, address: addressOf(container), log, exited };
  }

  /** Never rejects: while the engine does not answer, the container may well run. */
  async #end(id: string): Promise<Exit> {
    const { clock, engine } = this.#options;
    for (;;) {
      try {
        return exitOf(await engine.wait(id));
      } catch (error) {
        if (error instanceof EngineRefusal && error.status === 404) return { code: null, signal: "SIGKILL" };
        await clock.sleep(ENGINE_RETRY_MS);
      }
    }
  }

  async #tellLastWords(spec: TaskSpec, id: string): Promise<void> {
    const { engine, say } = this.#options;
    const words = await engine.logs(id, LAST_WORDS_LINES).catch((error: Error) => error.message);
    say(`The last that ${spec.id} said:\n${words}`);
  }

  /** It must go: Compose counts it, and would start it again, and end another for it, when it is next asked for anything. */
  async #removeLater(spec: TaskSpec, id: string): Promise<void> {
    const { clock, engine, say } = this.#options;
    await clock.sleep(REMOVE_AFTER_MS);
    await engine.remove(id).catch((error: Error) => {
      // 404, 409: somebody has taken it away, is doing so, or has started it again.
      if (!(error instanceof EngineRefusal && [404, 409].includes(error.status))) {
        say(`The container of ${spec.id} stays behind: ${error.message}`);
      }
    });
  }

  #isOurs(id: string): boolean {
    return [...this.#containers.values()].includes(id);
  }

  async #all(): Promise<Container[]> {
    const { engine, project, service } = this.#options;
    const ids = await engine.list({ [LABELS.project]: project, [LABELS.service]: service });
    const looks = await Promise.all(ids.map((id) => engine.inspect(id).catch(gone)));
    const found = looks.filter((container) => container !== undefined);
    this.#lastNumber = Math.max(this.#lastNumber, ...found.map(numberOf));
    this.#lastModel = newestOf(found) ?? this.#lastModel;
    return found;
  }
}

/** Undefined for one that was taken away between two looks. */
function gone(error: Error): undefined {
  if (error instanceof EngineRefusal && error.status === 404) return undefined;
  throw error;
}

/** Rather one without variables of its own. */
function newestOf(containers: readonly Container[]): Container | undefined {
  const hasOwn = (container: Container) => Number(Object.keys(ownVariablesOf(container)).length > 0);
  return [...containers].sort((a, b) => hasOwn(a) - hasOwn(b) || b.Created.localeCompare(a.Created))[0];
}

const noModel = (): Refusal =>
  new Refusal("no-model", "No game container is left to make others like it: run `docker compose up -d` again.");

/** By its host name, which is the short form of its id, unless it was told who it is. */
function specOf(container: Container): TaskSpec {
  const variables = variablesOf(container.Config);
  return {
    id: variables.get("SERVER_ID") ?? container.Config.Hostname,
    version: variables.get("VERSION") ?? "unknown",
    generation: Number(variables.get("GENERATION") ?? 1),
    targetGroupArn: variables.get("TARGET_GROUP_ARN") ?? "",
    environment: ownVariablesOf(container),
  };
}

function addressOf(container: Container): Address {
  const [network] = Object.values(container.NetworkSettings.Networks);
  return { host: network?.IPAddress ?? "", port: Number(variablesOf(container.Config).get("PORT")) };
}

/** As shells tell it: 128 and the signal's number. */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

const exitOf = (code: number): Exit => {
  const signal = SIGNALS[code];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
};

const cancelled = (spec: TaskSpec): Refusal => new Refusal("task-cancelled", `${spec.id} is no longer wanted.`);

const noImage = (error: Error, image: string): Error =>
  error instanceof EngineRefusal && error.status === 404
    ? new Refusal("no-image", `There is no image ${image} here: build it first.`, { cause: error })
    : error;
