// One stack of `npm start` with all that is its own: home, process book, supervisor, and with several regions the distance before it. Ports
// are looked at before anything is started; whatever was opened is closed, in whatever state it is by then.
import { rmSync } from "node:fs";
import type { Say } from "../provision/progress.ts";
import { systemClock } from "./clock.ts";
import { deferred } from "./deferred.ts";
import { Relay } from "./distance/relay.ts";
import { type Environment, repositoryRoot } from "./environment.ts";
import { beginLogs, type Home, makeHome } from "./home.ts";
import { freePort, portState } from "./ports.ts";
import { claimHome, type ProcessBook } from "./process-book.ts";
import { Refusal } from "./refusal.ts";
import { PORT_STEP, type RegionPlan } from "./region-plan.ts";
import { removeStackFile, type StackState } from "./stack-file.ts";
import { type StartOptions, Supervisor } from "./supervisor.ts";

export interface LocalStackPlan {
  readonly environment: Environment;
  /** Undefined without regions. */
  readonly region: Pick<RegionPlan, "around" | "rttMs"> | undefined;
}

export class LocalStack {
  readonly home: Home;
  /** As the Supervisor's. */
  readonly broken: Promise<Refusal>;
  readonly #plan: LocalStackPlan;
  readonly #say: Say;
  readonly #breaks: (reason: Refusal) => void;
  #book: ProcessBook | undefined;
  #supervisor: Supervisor | undefined;
  #relay: Relay | undefined;

  constructor(plan: LocalStackPlan, say: Say) {
    this.#plan = plan;
    this.#say = say;
    this.home = makeHome(plan.environment.home);
    const { promise, resolve } = deferred<Refusal>();
    this.broken = promise;
    this.#breaks = resolve;
  }

  /** Makes this process the home's, and its ports free or the refusal says which is not. */
  async claim(): Promise<void> {
    this.#book = await claimHome(this.home, systemClock, this.#say);
    beginLogs(this.home);
    await refuseTakenPorts(this.#plan);
  }

  /** Resolves when every server is healthy. Only once claimed. */
  async start(options: StartOptions): Promise<StackState> {
    const { environment, region } = this.#plan;
    if (this.#book === undefined) throw new Error("a stack is started before its home is claimed");
    const listenerPort = region && (await freePort());
    this.#supervisor = new Supervisor({
      ...{ root: repositoryRoot, environment, home: this.home, book: this.#book, clock: systemClock, say: this.#say },
      ...(region && listenerPort ? { region: { around: region.around, listenerPort } } : {}),
    });
    void this.#supervisor.broken.then(this.#breaks);
    if (region && listenerPort) {
      this.#relay = new Relay({
        port: environment.httpsPort,
        target: { host: "127.0.0.1", port: listenerPort },
        rttMs: region.rttMs,
        clock: systemClock,
      });
      await this.#relay.start();
    }
    return this.#supervisor.start(options);
  }

  async close(): Promise<void> {
    if (this.#supervisor) await this.#supervisor.close();
    else this.#book?.close();
    await this.#relay?.close();
  }

  /** No order any more, but nothing is left behind either. */
  endAtOnce(): void {
    if (this.#book === undefined) return;
    this.#book.killAll();
    removeStackFile(this.home);
    rmSync(this.home.agentSocket, { force: true });
    this.#book.close();
  }
}

async function refuseTakenPorts({ environment, region }: LocalStackPlan): Promise<void> {
  const ports = [
    ["HTTPS_PORT", environment.httpsPort],
    ["HTTP_PORT", environment.httpPort],
    ["CONTROL_PORT", environment.controlPort],
  ] as const;
  const furtherBy = region ? region.around.all.findIndex(({ id }) => id === region.around.here) * PORT_STEP : 0;
  for (const [name, port] of ports) {
    const state = await portState(port);
    if (state === "free") continue;
    const whose = furtherBy > 0 ? ` of region ${region?.around.here}` : "";
    const why = state === "in-use" ? "is in use already" : "may not be used by this user";
    const cure = furtherBy > 0 ? `choose another ${name}, ${furtherBy} below a free one` : `set ${name} to another one`;
    throw new Refusal("port-taken", `Port ${port}${whose} ${why}: ${cure}.`);
  }
}
