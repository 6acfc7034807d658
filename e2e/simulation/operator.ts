// What the deploy, scale and kill commands and the agent behind them do: start servers, wait until they are healthy, retire others in the
// order of ECS (deregister, wait for the delay or the exit, SIGTERM, SIGKILL), and replace what died.

import type { Server } from "./server.ts";
import type { Simulation } from "./simulation.ts";

/** How often it looks whether new servers are healthy. */
const LOOK_MS = 100;
/** A new generation that is not healthy by then is given up. */
const HEALTHY_TIMEOUT_MS = 20_000;
/** A dead task is replaced after this. */
const REPLACE_MS = 500;

export class Operator {
  readonly #simulation: Simulation;
  readonly #serving = new Set<Server>();
  readonly #rolloutHandlers: (() => () => void)[] = [];
  /** Rollouts and scalings follow each other. */
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #generation = 1;
  #retiring = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Nothing is being rolled out, and no server is on its way out. */
  get isIdle(): boolean {
    return this.#waiting === 0 && this.#retiring === 0;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Servers that are meant to serve, dead or alive. */
  get serving(): Server[] {
    return [...this.#serving];
  }

  /** A rollout or a scaling begins; what the handler answers is called when it is done. */
  onRollout(handler: () => () => void): void {
    this.#rolloutHandlers.push(handler);
  }

  /** The first servers: they are there when the game begins. */
  async begin(count: number): Promise<void> {
    const servers = Array.from({ length: count }, () => this.#start());
    await this.#healthy(servers);
  }

  /** A new generation in the place of the present one. */
  deploy(): Promise<void> {
    return this.#inTurn("deploy", async () => {
      const old = this.serving;
      this.#generation += 1;
      const fresh = old.map(() => this.#start());
      const isHealthy = await this.#healthy(fresh);
      await this.#pause(this.#simulation.settings.bakeMs);
      await this.#retire(isHealthy ? old : fresh);
    });
  }

  scale(by: number): Promise<void> {
    return this.#inTurn(`scale by ${by}`, async () => {
      if (by > 0) await this.#healthy(Array.from({ length: by }, () => this.#start()));
      else if (this.#serving.size + by >= 1) await this.#retire(this.serving.slice(by));
    });
  }

  /** SIGTERM, and its time, for one server; it is replaced. */
  terminate(server: Server): void {
    void this.#inTurn(`terminate ${server.id}`, () => this.#stop(server));
  }

  /** A process ended by itself, or was killed. */
  exited(server: Server): void {
    if (!this.#serving.has(server)) return;
    const { clock, balancer } = this.#simulation;
    this.#serving.delete(server);
    clock.after(REPLACE_MS, () => {
      balancer.deregister([server.address], () => {});
      this.#start();
    });
  }

  #start(): Server {
    const { clock, settings, balancer } = this.#simulation;
    const server = this.#simulation.startServer(`v${this.#generation}`, this.#generation);
    this.#serving.add(server);
    clock.after(settings.bootMs, () => {
      if (server.isDead) return;
      void server.start();
      balancer.register(server);
    });
    return server;
  }

  async #healthy(servers: readonly Server[]): Promise<boolean> {
    const { balancer } = this.#simulation;
    const isHealthy = ({ address, isDead }: Server) => isDead || balancer.stateOf(address) === "healthy";
    for (let passedMs = 0; passedMs < HEALTHY_TIMEOUT_MS; passedMs += LOOK_MS) {
      if (servers.every(isHealthy)) return true;
      await this.#pause(LOOK_MS);
    }
    return false;
  }

  async #retire(servers: readonly Server[]): Promise<void> {
    const { balancer } = this.#simulation;
    for (const server of servers) this.#serving.delete(server);
    this.#retiring += servers.length;
    const outOfGroup = new Map<string, () => void>();
    const ends = servers.map(({ address }) => new Promise<void>((resolve) => outOfGroup.set(address, resolve)));
    balancer.deregister([...outOfGroup.keys()], (address) => outOfGroup.get(address)!());
    await Promise.all(
      servers.map(async (server, index) => {
        await Promise.race([ends[index], server.exit]);
        await this.#stop(server);
        this.#retiring -= 1;
      }),
    );
  }

  async #stop(server: Server): Promise<void> {
    const { clock, settings } = this.#simulation;
    server.terminate();
    const cancel = clock.after(settings.stopTimeoutMs, () => server.kill());
    await server.exit;
    cancel();
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => void this.#simulation.clock.after(durationMs, resolve));
  }

  #inTurn(what: string, action: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    this.#queue = this.#queue.then(async () => {
      this.#simulation.trace.say("operator", `${what} begins`);
      const endings = this.#rolloutHandlers.map((begun) => begun());
      await action();
      for (const ended of endings) ended();
      this.#simulation.trace.say("operator", `${what} is done`);
      this.#waiting -= 1;
    });
    return this.#queue;
  }
}
