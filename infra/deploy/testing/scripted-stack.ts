// For tests: the real agent over a world without processes, a load balancer that only takes notes, and canaries that
// feel what the test tells them. Everything that happens is in one list, with its time.
import { Agent } from "../../stack/agent.ts";
import type { TaskView } from "../../stack/task-entry.ts";
import { ScriptedWorld } from "../../stack/testing/scripted-world.ts";
import { VirtualClock } from "../../stack/testing/virtual-clock.ts";
import { topology } from "../../stack/topology.ts";
import type { Balancer } from "../balancer.ts";
import { Deploy, type DeployDependencies } from "../deploy.ts";
import type { Felt } from "../felt.ts";
import { agentFleet, type DeploysDoor, type Fleet } from "../fleet.ts";
import type { CanaryGroup, CanarySpec } from "../jury.ts";
import { localPace } from "../limits.ts";
import { planDeploy, type Strategy } from "../plan.ts";
import { addressText } from "../target-story.ts";
import type { DeployReport } from "../verdict.ts";

export const calm: Felt = {
  players: 6,
  gapMs: { p50: 33, p99: 40, max: 60 },
  inputs: { lost: 0, doubled: 0 },
  ...{ disconnects: 0, moves: 0, movesPerPlayerMax: 0, moved: 0, movedMoreThanOnce: 0 },
};

const CANARIES_SEATED_AFTER_MS = 1_500;

export class ScriptedCanaries implements CanaryGroup {
  felt: Felt | undefined;
  ended: string | undefined;
  readonly spec: CanarySpec;

  constructor(spec: CanarySpec) {
    this.spec = spec;
  }

  finish(): Promise<Felt | undefined> {
    return Promise.resolve(this.felt);
  }
}

export class ScriptedStack {
  readonly clock = new VirtualClock();
  readonly world = new ScriptedWorld(this.clock);
  readonly agent: Agent;
  readonly groups: ScriptedCanaries[] = [];
  readonly shown: string[] = [];
  readonly said: string[] = [];
  /** Players whom each server has seen coming by a move. */
  arrived = 0;
  /** What a new group of canaries feels as soon as it sits; undefined for one that never does. */
  feel: (spec: CanarySpec) => Felt | undefined = ({ count }) => ({ ...calm, players: count });

  constructor() {
    this.agent = new Agent({
      platform: this.world,
      elb: this.world,
      clock: this.clock,
      limits: {
        ...{ healthyTimeoutMs: 20_000, deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000 },
        replacement: { firstDelayMs: 1_000, maxDelayMs: 8_000, maxFailures: 4, stableAfterMs: 60_000 },
      },
      targetGroupArn: "blue",
      date: () => new Date(this.clock.nowMs()),
      taskId: (number) => `s${number}`,
      onChange: () => {},
      say: () => {},
    });
  }

  /** `count` servers of v1 are up. */
  async start(count: number): Promise<void> {
    for (let number = 0; number < count; number += 1) this.agent.startTask({ version: "v1", generation: 1 });
    await this.clock.advance(1_000);
    this.world.events.length = 0;
  }

  deploy(strategy: Strategy, change: Partial<DeployDependencies> = {}): Deploy {
    const plan = planDeploy(this.agent.tasks(), { strategy, to: "v2", environment: {}, servingArn: "blue" });
    return new Deploy({
      ...{ plan, servingArn: "blue", bakeMs: 5_000, pace: localPace(topology.delays.local), canaries: 6 },
      ...{ fleet: this.fleet(), balancer: this.balancer(), clock: this.clock },
      prepare: () => Promise.resolve(),
      sendCanaries: (spec) => this.#send(spec),
      date: () => new Date(this.clock.nowMs()),
      screen: { show: (_, line) => this.shown.push(line), say: (line) => this.said.push(line), close: () => {} },
      ...change,
    });
  }

  /** Lets time pass until the deploy has ended. */
  async finish(running: Promise<DeployReport>): Promise<DeployReport> {
    let isDone = false;
    const done = running.finally(() => {
      isDone = true;
    });
    done.catch(() => {}); // whoever gets the promise below sees it
    for (let second = 0; second < 600 && !isDone; second += 1) await this.clock.advance(1_000);
    return done;
  }

  /** The agent's door as far as a deploy goes through it, without a socket. */
  door(): DeploysDoor {
    const { agent, world } = this;
    return {
      tasks: async () => agent.tasks(),
      statusz: async () => ({ state: "ready", players: 3, rooms: [{}], moves: { in: this.arrived } }),
      start: async (task) => {
        const { id } = agent.startTask(task);
        return agent.tasks().find((one) => one.id === id) as TaskView;
      },
      retire: async (ids) => {
        world.note(`retire ${ids.join(" ")}`);
        void agent.retire(ids);
        return agent.tasks();
      },
      serveFrom: async (arn) => {
        world.note(`serve from ${arn}`);
        agent.serveFrom(arn);
      },
    };
  }

  fleet(): Fleet {
    return agentFleet(this.door());
  }

  balancer(): Balancer {
    const { agent, world } = this;
    return {
      targetStates: async (arns) => {
        const targets = agent.tasks().flatMap(({ address, targetGroupArn }) => {
          return address && arns.includes(targetGroupArn) ? [{ address, targetGroupArn }] : [];
        });
        const states = targets.map(
          async ({ address, targetGroupArn }) =>
            [addressText(address), await world.targetState(targetGroupArn, address)] as const,
        );
        return new Map((await Promise.all(states)).filter(([, state]) => state !== "unused"));
      },
      groupBeside: async (arn) => {
        world.note(`group beside ${arn}`);
        return arn === "blue" ? "green" : "blue";
      },
      settle: async (arn) => world.note(`settle ${arn}`),
      forward: async (groups) => {
        world.note(`forward ${groups.map(({ targetGroupArn, weight }) => `${targetGroupArn} ${weight}`).join(", ")}`);
      },
    };
  }

  #send(spec: CanarySpec): CanaryGroup {
    this.world.note(`canaries ${spec.name} ${spec.count}${spec.version ? ` on ${spec.version}` : ""}`);
    const group = new ScriptedCanaries(spec);
    this.groups.push(group);
    void this.clock.sleep(CANARIES_SEATED_AFTER_MS).then(() => {
      group.felt = this.feel(spec);
    });
    return group;
  }
}
