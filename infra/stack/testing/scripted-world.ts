// For tests: a platform without processes and a load balancer without connections, on the test's clock. Both write what
// happens, with its time, into one list.

import type { Exit } from "../child.ts";
import type { Clock } from "../clock.ts";
import { deferred } from "../deferred.ts";
import type { ElbPort, TargetState } from "../elb.ts";
import type { Address, Platform, Task, TaskSpec } from "../platforms/platform.ts";

export interface ScriptedBehaviour {
  startMs: number;
  /** From the call of RegisterTargets until the load balancer has heard it. */
  registerMs: number;
  /** From SIGTERM to the end; Infinity for a task that does not listen to it. */
  endMs: number;
  healthyAfterMs: number;
  deregistrationDelayMs: number;
  /** Tasks that end with code 1 instead of listening. */
  broken: (id: string) => boolean;
}

export class ScriptedWorld implements Platform, ElbPort {
  readonly events: string[] = [];
  readonly behaviour: ScriptedBehaviour = {
    startMs: 100,
    registerMs: 0,
    endMs: 200,
    healthyAfterMs: 500,
    deregistrationDelayMs: 15_000,
    broken: () => false,
  };
  readonly #clock: Clock;
  readonly #ends = new Map<string, (exit: Exit) => void>();
  readonly #registeredAtMs = new Map<number, number>();
  readonly #deregisteredAtMs = new Map<number, number>();
  #lastPort = 5000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(what: string): void {
    this.events.push(`${this.#clock.nowMs()} ${what}`);
  }

  async startTask(spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    this.note(`start ${spec.id}`);
    await this.#clock.sleep(this.behaviour.startMs, signal);
    if (signal.aborted) throw new Error("no longer wanted");
    if (this.behaviour.broken(spec.id)) throw new Error(`${spec.id} ended before it listened (exit code 1)`);
    this.#lastPort += 1;
    const { promise: exited, resolve } = deferred<Exit>();
    this.#ends.set(spec.id, resolve);
    const address = { host: "127.0.0.1", port: this.#lastPort };
    return { spec, pid: this.#lastPort, address, log: `${spec.id}.log`, exited };
  }

  stopTask(task: Task): void {
    this.note(`SIGTERM ${task.spec.id}`);
    if (this.behaviour.endMs === Number.POSITIVE_INFINITY) return;
    void this.#clock.sleep(this.behaviour.endMs).then(() => this.exit(task.spec.id, { code: 0, signal: null }));
  }

  kill(task: Task): void {
    this.note(`SIGKILL ${task.spec.id}`);
    this.exit(task.spec.id, { code: null, signal: "SIGKILL" });
  }

  /** The process ends by itself. */
  exit(id: string, exit: Exit): void {
    this.note(`exit ${id}`);
    this.#ends.get(id)?.(exit);
  }

  async registerTarget(group: string, address: Address): Promise<void> {
    await this.#clock.sleep(this.behaviour.registerMs);
    this.note(`register ${group} ${address.port}`);
    this.#deregisteredAtMs.delete(address.port);
    this.#registeredAtMs.set(address.port, this.#clock.nowMs());
  }

  async deregisterTargets(group: string, addresses: readonly Address[]): Promise<void> {
    const ports = addresses.map((address) => address.port);
    this.note(`deregister ${group} ${ports.join(" ")}`);
    for (const port of ports) {
      if (this.#registeredAtMs.delete(port)) this.#deregisteredAtMs.set(port, this.#clock.nowMs());
    }
  }

  async targetState(_group: string, address: Address): Promise<TargetState> {
    const left = this.#deregisteredAtMs.get(address.port);
    if (left !== undefined) {
      return this.#clock.nowMs() - left < this.behaviour.deregistrationDelayMs ? "draining" : "unused";
    }
    const since = this.#registeredAtMs.get(address.port);
    if (since === undefined) return "unused";
    return this.#clock.nowMs() - since < this.behaviour.healthyAfterMs ? "initial" : "healthy";
  }
}
