// The running stack: Redis, load balancer, servers, and the door for other commands; kept in stack.json while it lives.
// It has one life: `start`, then `close`, whatever state it is in by then.
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { startEmbeddedRedis } from "../provision/embedded-redis.ts";
import type { Say } from "../provision/progress.ts";
import { provisionRedis } from "../provision/redis.ts";
import { Agent } from "./agent.ts";
import { serveAgent } from "./agent-api.ts";
import { type AlbProcess, startAlb } from "./alb-process.ts";
import { agentServers } from "./autoscale/agent-servers.ts";
import { Autoscaler } from "./autoscale/autoscaler.ts";
import { localCloudWatchClient, metricReader } from "./autoscale/metric-reader.ts";
import type { TargetTrackingPolicy } from "./autoscale/target-tracking.ts";
import { buildServer } from "./bundle.ts";
import { type Child, describeExit, endChild } from "./child.ts";
import { buildClient } from "./client-build.ts";
import type { Clock } from "./clock.ts";
import { deferred } from "./deferred.ts";
import { isDeploying } from "./deployment-lock.ts";
import { elbPort, localElbClient } from "./elb.ts";
import type { Environment } from "./environment.ts";
import { type Home, sessionSecret } from "./home.ts";
import { type LoadBalancer, setUpLoadBalancer } from "./load-balancer.ts";
import { MetricForwarder, putMetrics } from "./metrics/metric-forwarder.ts";
import { ProcessPlatform } from "./platforms/process.ts";
import type { ProcessBook } from "./process-book.ts";
import { RedisKeeper, redisPolicy } from "./redis-keeper.ts";
import { Refusal } from "./refusal.ts";
import type { RegionAround } from "./region-plan.ts";
import { replacementPolicy } from "./replacement.ts";
import { serverEnvironment } from "./server-environment.ts";
import { removeStackFile, type StackState, viewOfStack, writeStackFile } from "./stack-file.ts";
import { readLoads, readStatusz } from "./statusz.ts";
import type { TaskView } from "./task-entry.ts";
import { topology } from "./topology.ts";

const HEALTHY_TIMEOUT_MS = 30_000;
const CHILD_END_MS = 3_000;

export interface SupervisorDependencies {
  readonly root: string;
  readonly environment: Environment;
  readonly home: Home;
  readonly book: ProcessBook;
  readonly clock: Clock;
  readonly say: Say;
  /** With several regions: where this one is, and where its load balancer listens behind the distance. */
  readonly region?: { readonly around: RegionAround; readonly listenerPort: number };
}

export interface StartOptions {
  readonly servers: number;
  readonly version: string;
  /** Undefined: there are as many servers as are asked for. */
  readonly scaling: TargetTrackingPolicy | undefined;
}

interface Parts {
  readonly alb: AlbProcess;
  readonly redisUrl: string;
  readonly loadBalancer: LoadBalancer;
}

export class Supervisor {
  /** Resolves with the reason when a part ends without which the stack cannot go on. */
  readonly broken: Promise<Refusal>;
  readonly #dependencies: SupervisorDependencies;
  readonly #breaks: (reason: Refusal) => void;
  readonly #closing = new AbortController();
  readonly #children = new Set<Child>();
  #starting: Promise<unknown> = Promise.resolve();
  /** A Redis that is not ours remembers servers of an earlier start, and may have other stacks' servers: ids must differ from theirs. */
  #idPrefix = "s";
  #redis: RedisKeeper | undefined;
  #parts: Parts | undefined;
  #agent: Agent | undefined;
  #metrics: MetricForwarder | undefined;
  #autoscaler: Autoscaler | undefined;
  #door: Server | undefined;

  constructor(dependencies: SupervisorDependencies) {
    this.#dependencies = dependencies;
    const { promise, resolve } = deferred<Refusal>();
    this.broken = promise;
    this.#breaks = resolve;
  }

  /** Resolves when every server is healthy. */
  start(options: StartOptions): Promise<StackState> {
    const starting = this.#start(options);
    this.#starting = starting.catch(() => {}); // its caller gets the error; close() only waits
    return starting;
  }

  async #start({ servers, version, scaling }: StartOptions): Promise<StackState> {
    const { root, environment, home, say, region } = this.#dependencies;
    const { signal } = this.#closing;
    const [alb, redisUrl] = await Promise.all([
      startAlb(root, environment, home, (child) => this.#adopt(child)),
      this.#startRedis(),
      buildClient({ root, home, version, signal, say }),
      buildServer({ root, home, release: { version, generation: topology.service.generation }, signal }),
    ]);
    this.#refuseIfClosing();
    void alb.child.exited.then((exit) => this.#breaks(brokenBy(alb.child, describeExit(exit))));
    const elb = localElbClient(alb.ready.control);
    const { httpsPort, httpPort } = environment;
    const ports = { https: region?.listenerPort ?? httpsPort, publicHttps: httpsPort, http: httpPort };
    const loadBalancer = await setUpLoadBalancer(elb, ports, alb.ready.certificateArn, topology.delays.local);
    this.#parts = { alb, redisUrl, loadBalancer };
    const agent = this.#makeAgent(this.#parts, elb);
    this.#agent = agent;
    this.#refuseIfClosing();
    say(`Starting ${servers} game ${servers === 1 ? "server" : "servers"} ...`);
    const { generation } = topology.service;
    const tasks = Array.from({ length: servers }, () => agent.startTask({ version, generation }));
    const describe = () => viewOfStack(this.#state({ alb, redisUrl, loadBalancer }));
    this.#door = await serveAgent({ agent, describe, statusz: readStatusz }, { socketPath: home.agentSocket });
    await Promise.all(tasks.map((task) => task.running));
    if (scaling) this.#autoscaler = this.#makeAutoscaler(agent, alb.ready.control, scaling);
    return this.#state(this.#parts);
  }

  /** Ends everything, servers first and together; what does not listen gets SIGKILL after a moment. */
  async close(): Promise<void> {
    const { book, clock, home } = this.#dependencies;
    this.#closing.abort();
    this.#redis?.close();
    this.#autoscaler?.close();
    this.#metrics?.close();
    await this.#agent?.close();
    await Promise.all([...this.#children].map((child) => endChild(child, CHILD_END_MS, clock)));
    await this.#starting;
    this.#door?.closeAllConnections();
    this.#door?.close();
    removeStackFile(home);
    book.close();
  }

  #refuseIfClosing(): void {
    if (this.#closing.signal.aborted) throw new Refusal("stack-ending", "The stack is ending.");
  }

  /** From here on the child is in the book, and ends with us. */
  #adopt(child: Child): void {
    const { book } = this.#dependencies;
    book.add(child.name, child.pid);
    this.#children.add(child);
    void child.exited.then(() => {
      this.#children.delete(child);
      if (!this.#closing.signal.aborted) book.remove(child.pid);
    });
    if (this.#closing.signal.aborted) child.signal("SIGKILL"); // started while the stack was ending
  }

  // --- Redis --------------------------------------------------------------------------------------------------------

  async #startRedis(): Promise<string> {
    const { clock, environment, home, say } = this.#dependencies;
    const source = await provisionRedis(environment.redisUrl, say);
    if (source.kind === "url") {
      this.#idPrefix = `${randomBytes(2).toString("hex")}-s`;
      return source.url;
    }
    this.#refuseIfClosing();
    const settings = { program: source.program, directory: home.redisDir, logFile: home.log("redis") };
    this.#redis = new RedisKeeper({
      run: (port) =>
        startEmbeddedRedis({
          ...settings,
          onSpawn: (child) => this.#adopt(child),
          ...(port === undefined ? {} : { port }),
        }),
      policy: redisPolicy(environment.redisRestartDelayMs),
      clock,
      onChange: () => this.#record(),
      onBroken: this.#breaks,
      say,
    });
    return this.#redis.start();
  }

  // --- servers ------------------------------------------------------------------------------------------------------

  #makeAgent(parts: Parts, client: ReturnType<typeof localElbClient>): Agent {
    const { clock, say } = this.#dependencies;
    const delays = topology.delays.local;
    return new Agent({
      platform: this.#makePlatform(parts),
      elb: elbPort(client),
      clock,
      date: () => new Date(),
      targetGroupArn: parts.loadBalancer.targetGroupArn,
      limits: {
        healthyTimeoutMs: HEALTHY_TIMEOUT_MS,
        deregistrationDelayMs: delays.deregistrationDelaySeconds * 1000,
        stopTimeoutMs: delays.stopTimeoutSeconds * 1000,
        replacement: replacementPolicy,
      },
      taskId: (number) => `${this.#idPrefix}${number}`,
      onChange: () => this.#record(),
      say,
    });
  }

  #makePlatform(parts: Parts): ProcessPlatform {
    const { root, clock, environment, home, say, region } = this.#dependencies;
    const metrics = new MetricForwarder({
      put: putMetrics(localCloudWatchClient(parts.alb.ready.control)),
      clock,
      say,
    });
    this.#metrics = metrics;
    const around = {
      httpsPort: environment.httpsPort,
      redisUrl: parts.redisUrl,
      sessionSecret: sessionSecret(home),
      clientDir: home.clientDir,
      assetsDir: home.assetsDir,
      controlUrl: parts.alb.ready.control,
      delays: topology.delays.local,
      region: region?.around,
    };
    return new ProcessPlatform({
      command: process.execPath,
      args: (spec) => [...topology.service.nodeFlags, home.serverScript(spec)],
      cwd: root,
      host: topology.local.host,
      environment: (spec) => serverEnvironment(spec, around, process.env),
      logFile: home.log,
      onSpawn: (child) => this.#adopt(child),
      onLine: (line) => metrics.line(line),
    });
  }

  #makeAutoscaler(agent: Agent, controlUrl: string, policy: TargetTrackingPolicy): Autoscaler {
    const { clock, home, say } = this.#dependencies;
    const { minServers, maxServers, targetValue } = policy;
    say(`Autoscaling from ${minServers} to ${maxServers} servers, for ${targetValue} players on each.`);
    return new Autoscaler({
      policy,
      metric: metricReader(localCloudWatchClient(controlUrl)),
      servers: agentServers({ agent, loadsOf: readLoads, say }),
      isDeploying: () => isDeploying(home),
      clock,
      date: () => new Date(),
      say,
    });
  }

  // --- stack.json ---------------------------------------------------------------------------------------------------

  #record(): void {
    if (this.#parts && !this.#closing.signal.aborted) writeStackFile(this.#dependencies.home, this.#state(this.#parts));
  }

  #state({ alb, redisUrl, loadBalancer }: Parts): StackState {
    const { region, environment } = this.#dependencies;
    const { httpsPort, httpPort } = environment;
    return {
      alb: {
        pid: alb.child.pid ?? 0,
        https: `https://localhost:${httpsPort}`,
        http: `http://localhost:${httpPort}`,
        control: alb.ready.control,
        ca: alb.ready.ca,
      },
      redis: { pid: this.#redis?.pid ?? null, url: redisUrl },
      targetGroupArn: this.#agent?.targetGroupArn ?? loadBalancer.targetGroupArn,
      listenerArn: loadBalancer.listenerArn,
      servers: (this.#agent?.tasks() ?? []).flatMap(serverState),
      ...(region === undefined ? {} : { region: region.around }),
    };
  }
}

/** A server is listed from the moment at which it listens until its process has ended. */
function serverState(task: TaskView): StackState["servers"] {
  if (task.status === "STOPPED" || task.pid === null || task.address === null) return [];
  const { id, pid, version, generation } = task;
  return [{ id, pid, port: task.address.port, version, generation }];
}

const brokenBy = (child: Child, how: string): Refusal =>
  new Refusal("part-ended", `The stack ends since its load balancer ended (${how}); the log is ${child.logFile}.`);
