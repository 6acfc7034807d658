// Plays the part that ECS plays on AWS. Start: run the task, register it, wait until it is healthy. Stop: deregister it,
// wait out the whole deregistration delay (or until it has ended by itself), SIGTERM, SIGKILL after the stop timeout.
// Several tasks retire in one breath: none of them is still a target when the first begins to leave. A task that dies, or
// is stopped alone, is replaced. Unlike ECS it does not replace one for being unhealthy: without Redis all are, and play goes on.

import type { AgentDependencies } from "./agent-dependencies.ts";
import { describeExit } from "./child.ts";
import { deregister, untilDrained } from "./deregistration.ts";
import type { Task } from "./platforms/platform.ts";
import { Refusal } from "./refusal.ts";
import { countFailure, replacementDelayMs } from "./replacement.ts";
import { newTaskEntry, type TaskEntry, type TaskView, viewOf } from "./task-entry.ts";
import { advanceTask, isAlive, isWanted, type TaskStatus } from "./task-life.ts";
import { topology } from "./topology.ts";

/** What may be asked for; the group is the serving one unless another one is named. */
export interface TaskRequest {
  readonly version: string;
  readonly generation: number;
  readonly targetGroupArn?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

const POLL_MS = 250;
const END_LIMIT_MS = 3_000;
/** Stopped tasks that are kept: so that one can see why they stopped, and more than a deploy names at once. */
const STOPPED_KEPT = 2 * topology.service.servers.max;

export class Agent {
  readonly #dependencies: AgentDependencies;
  readonly #closing = new AbortController();
  #entries: TaskEntry[] = [];
  #lastNumber = 0;
  #targetGroupArn: string;
  #replacing = 0;

  constructor(dependencies: AgentDependencies) {
    this.#dependencies = dependencies;
    this.#targetGroupArn = dependencies.targetGroupArn;
  }

  /** The serving group: where new tasks are registered when their request names none. */
  get targetGroupArn(): string {
    return this.#targetGroupArn;
  }

  /** How many tasks have died and will be replaced, but are not yet. */
  get replacing(): number {
    return this.#replacing;
  }

  serveFrom(targetGroupArn: string): void {
    this.#targetGroupArn = targetGroupArn;
    this.#dependencies.onChange();
  }

  /** The task's id at once, and a promise of its being healthy. It rejects with a reason, and the task is gone then. */
  startTask(request: TaskRequest): { id: string; running: Promise<void> } {
    const entry = this.#start(request, 0);
    return { id: entry.spec.id, running: entry.running };
  }

  /**
   * Takes over a task that runs already, as after a restart of this agent: it is registered, and one that is draining goes
   * on leaving. Settles like the promise of `startTask`, for one that leaves when it has ended.
   */
  adopt(task: Task): Promise<void> {
    return this.#admit(newTaskEntry(task.spec, 0), (entry) => this.#takeOver(entry, task)).running;
  }

  /**
   * Takes the tasks out in order: one DeregisterTargets for each target group, then each task for itself. Resolves when
   * all processes have ended; asking twice is asking once. One that has died already gets no successor any more. Throws,
   * with nothing done, when an id is unknown.
   */
  retire(ids: readonly string[]): Promise<void> {
    const entries = [...new Set(ids)].map((id) => this.#find(id, () => true));
    const asked = entries.filter((entry) => entry.stop === undefined);
    const deregistered = this.#deregister(asked.filter(isTarget));
    for (const entry of asked) entry.stop = this.#stop(entry, deregistered);
    return Promise.all(entries.map((entry) => entry.stop)).then(() => {});
  }

  /**
   * ECS's StopTask: SIGTERM at the moment of the deregistration, without its delay, and SIGKILL after the stop timeout.
   * As many servers are wanted as before: the successor starts at once. Resolves when the process has ended; one that is
   * leaving already goes on as it was. Throws, with nothing done, when the id is unknown or the task has no process yet.
   */
  stopTask(id: string): Promise<void> {
    const entry = this.#findStarted(id);
    if (!isWanted(entry.status)) return entry.task.exited.then(() => {});
    const wasRunning = entry.status === "RUNNING";
    entry.stoppedReason = "StopTask";
    entry.leaving.abort();
    this.#advance(entry, "STOPPING");
    if (wasRunning) void this.#succeed(entry, 0);
    return this.#dropNow(entry, entry.task, this.#dependencies.limits.stopTimeoutMs);
  }

  /** SIGKILL without any goodbye, as an accident would have it; the task is replaced. */
  killTask(id: string): void {
    this.#dependencies.platform.kill(this.#findStarted(id).task);
  }

  tasks(): TaskView[] {
    return this.#entries.map(viewOf);
  }

  /** Ends all tasks at the same time and soon, without draining: for when the whole stack ends. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#entries.map((entry) => this.#endNow(entry)));
  }

  // --- start --------------------------------------------------------------------------------------------------------

  #start(request: TaskRequest, failures: number): TaskEntry {
    if (this.#closing.signal.aborted) throw new Refusal("stack-ending", "The stack is ending.");
    this.#lastNumber += 1;
    const { version, generation, targetGroupArn = this.#targetGroupArn, environment = {} } = request;
    const id = this.#dependencies.taskId(this.#lastNumber);
    const entry = newTaskEntry({ id, version, generation, targetGroupArn, environment }, failures);
    const { platform } = this.#dependencies;
    return this.#admit(entry, () => this.#bringUp(entry, platform.startTask(entry.spec, entry.leaving.signal)));
  }

  #admit(entry: TaskEntry, bringUp: (entry: TaskEntry) => Promise<void>): TaskEntry {
    this.#entries.push(entry);
    entry.running = bringUp(entry);
    entry.running.catch(() => {}); // whoever asked for the task may not wait for it
    this.#dependencies.onChange();
    return entry;
  }

  async #takeOver(entry: TaskEntry, task: Task): Promise<void> {
    const { elb } = this.#dependencies;
    // If it cannot be asked, registering will say why.
    const state = await elb.targetState(task.spec.targetGroupArn, task.address).catch(() => "unused");
    if (state !== "draining") return this.#bringUp(entry, Promise.resolve(task));
    this.#begin(entry, task);
    await this.retire([task.spec.id]);
  }

  #begin(entry: TaskEntry, task: Task): void {
    entry.task = task;
    void task.exited.then((exit) => this.#onExit(entry, describeExit(exit)));
    if (entry.leaving.signal.aborted) throw new Refusal("task-cancelled", `${entry.spec.id} is no longer wanted.`);
    entry.startedAt = this.#dependencies.date().toISOString();
    this.#advance(entry, "ACTIVATING");
  }

  async #bringUp(entry: TaskEntry, starting: Promise<Task>): Promise<void> {
    const { clock, elb } = this.#dependencies;
    try {
      const task = await starting;
      this.#begin(entry, task);
      await elb.registerTarget(entry.spec.targetGroupArn, task.address);
      if (entry.status !== "ACTIVATING") await this.#deregister([entry]); // it left, or died, while it was registered
      await this.#waitHealthy(entry, task);
    } catch (error) {
      await this.#giveUp(entry, error as Error);
      throw error;
    }
    entry.runningSinceMs = clock.nowMs();
    this.#advance(entry, "RUNNING");
  }

  async #waitHealthy(entry: TaskEntry, task: Task): Promise<void> {
    const { clock, elb, limits } = this.#dependencies;
    const deadlineMs = clock.nowMs() + limits.healthyTimeoutMs;
    for (;;) {
      const state = await elb.targetState(entry.spec.targetGroupArn, task.address);
      if (entry.status !== "ACTIVATING") throw this.#endedEarly(entry, task);
      if (state === "healthy") return;
      if (clock.nowMs() >= deadlineMs) {
        const seconds = limits.healthyTimeoutMs / 1000;
        throw new Refusal("task-unhealthy", `${entry.spec.id} is ${state} after ${seconds} s; its log is ${task.log}.`);
      }
      await clock.sleep(POLL_MS, entry.leaving.signal);
    }
  }

  #endedEarly(entry: TaskEntry, task: Task): Refusal {
    const how = entry.stoppedReason ?? "no longer wanted";
    return new Refusal("task-ended", `${entry.spec.id} ended before it was healthy (${how}); its log is ${task.log}.`);
  }

  /** A task that never became healthy: nothing of it stays, neither the process nor the target. */
  async #giveUp(entry: TaskEntry, error: Error): Promise<void> {
    entry.stoppedReason ??= error.message;
    if (!isAlive(entry.status)) return;
    entry.leaving.abort();
    if (!entry.task) return this.#advance(entry, "STOPPED");
    if (!isWanted(entry.status)) return; // #stop or #endNow is at it
    this.#advance(entry, "STOPPING");
    await this.#dropNow(entry, entry.task, END_LIMIT_MS);
  }

  // --- stop ---------------------------------------------------------------------------------------------------------

  async #stop(entry: TaskEntry, deregistered: Promise<void>): Promise<void> {
    if (!isAlive(entry.status)) return;
    entry.leaving.abort();
    entry.stoppedReason = "stopped on request";
    if (!entry.task || entry.status === "PENDING") return void (await entry.running.catch(() => {})); // it gives up
    if (entry.status === "STOPPING") return void (await entry.task.exited); // #giveUp or #endNow is at it
    this.#advance(entry, "DEACTIVATING");
    await deregistered;
    await this.#untilDrained(entry);
    if (entry.status !== "DEACTIVATING") return void (await entry.task.exited);
    this.#advance(entry, "STOPPING");
    await this.#terminate(entry, entry.task, this.#dependencies.limits.stopTimeoutMs);
  }

  #untilDrained(entry: TaskEntry): Promise<void> {
    const { clock, elb, limits } = this.#dependencies;
    const { deregistrationDelayMs } = limits;
    return untilDrained(entry, { clock, elb, deregistrationDelayMs, say: (line) => this.#say(line) });
  }

  /** Out of the load balancer and told to end at the same moment. */
  async #dropNow(entry: TaskEntry, task: Task, limitMs: number): Promise<void> {
    await Promise.all([this.#deregister([entry]), this.#terminate(entry, task, limitMs)]);
  }

  async #terminate(entry: TaskEntry, task: Task, limitMs: number): Promise<void> {
    const { clock, platform } = this.#dependencies;
    platform.stopTask(task);
    await clock.sleep(limitMs, entry.ended.signal);
    if (!entry.ended.signal.aborted) platform.kill(task);
    await task.exited;
  }

  #deregister(entries: readonly TaskEntry[]): Promise<void> {
    return deregister(entries, this.#dependencies.elb, (line) => this.#say(line));
  }

  async #endNow(entry: TaskEntry): Promise<void> {
    entry.leaving.abort();
    entry.stoppedReason ??= "the stack ended";
    if (!entry.task) return void (await entry.running.catch(() => {})); // it gives up
    if (!isAlive(entry.status)) return;
    if (entry.status !== "STOPPING") this.#advance(entry, "STOPPING");
    await this.#terminate(entry, entry.task, END_LIMIT_MS);
  }

  // --- death --------------------------------------------------------------------------------------------------------

  #onExit(entry: TaskEntry, how: string): void {
    const wasTarget = isTarget(entry);
    const wasRunning = entry.status === "RUNNING";
    entry.stoppedReason ??= how;
    entry.leaving.abort();
    entry.ended.abort();
    this.#advance(entry, "STOPPED");
    if (wasTarget) void this.#deregister([entry]);
    if (wasRunning) void this.#replace(entry);
  }

  #replace(dead: TaskEntry): Promise<void> {
    const { clock, limits } = this.#dependencies;
    this.#say(`${dead.spec.id} died (${dead.stoppedReason}); its log is ${dead.task?.log}.`);
    const ranMs = clock.nowMs() - (dead.runningSinceMs ?? 0);
    return this.#succeed(dead, countFailure(dead.failures, ranMs, limits.replacement));
  }

  /** Starts successors of a task until one lives, ever more slowly, up to the limit of the policy. */
  async #succeed(former: TaskEntry, failuresBefore: number): Promise<void> {
    const { clock, limits } = this.#dependencies;
    for (let failures = failuresBefore; ; failures += 1) {
      const delayMs = replacementDelayMs(failures, limits.replacement);
      if (delayMs === undefined) return this.#say(`${former.spec.id} is not replaced: ${failures} deaths in a row.`);
      if (delayMs > 0) {
        this.#replacing += 1;
        await clock.sleep(delayMs, this.#closing.signal);
        this.#replacing -= 1;
      }
      if (this.#closing.signal.aborted || former.stop) return;
      const entry = this.#start(former.spec, failures);
      const error = await entry.running.then(
        () => undefined,
        (reason: Error) => reason,
      );
      if (error === undefined) return this.#say(`${entry.spec.id} replaces ${former.spec.id}.`);
      if (entry.stop) return; // somebody did not want it
      this.#say(error.message);
    }
  }

  /** While the stack ends, everything fails, and that is no news. */
  #say(line: string): void {
    if (!this.#closing.signal.aborted) this.#dependencies.say(line);
  }

  #find(id: string, isMeant = (entry: TaskEntry) => isAlive(entry.status)): TaskEntry {
    const entry = this.#entries.find((one) => one.spec.id === id && isMeant(one));
    if (!entry) throw new Refusal("no-such-task", `No task ${id} runs here.`);
    return entry;
  }

  #findStarted(id: string): TaskEntry & { task: Task } {
    const entry = this.#find(id);
    if (!entry.task) throw new Refusal("task-not-started", `The task ${id} does not run yet.`);
    return entry as TaskEntry & { task: Task };
  }

  #advance(entry: TaskEntry, to: TaskStatus): void {
    entry.status = advanceTask(entry.status, to);
    const stopped = this.#entries.filter((one) => !isAlive(one.status));
    const forgotten = new Set(stopped.slice(0, Math.max(0, stopped.length - STOPPED_KEPT)));
    this.#entries = this.#entries.filter((one) => !forgotten.has(one));
    this.#dependencies.onChange();
  }
}

/** Whether the load balancer may know the task. */
const isTarget = (entry: TaskEntry): boolean => entry.status === "ACTIVATING" || entry.status === "RUNNING";
