// Order and times of ECS, on virtual time, with the delays of the laptop and those of AWS: a task that leaves is
// deregistered, the whole deregistration delay passes (the load balancer cuts at its end), then SIGTERM, and SIGKILL
// after the stop timeout. StopTask alone has no delay in it.
import { describe, expect, test } from "vitest";
import { Agent } from "./agent.ts";
import { replacementPolicy } from "./replacement.ts";
import { ScriptedWorld } from "./testing/scripted-world.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";
import { type Delays, topology } from "./topology.ts";

const HEALTHY_TIMEOUT_MS = 30_000;
const NEVER = Number.POSITIVE_INFINITY;
/** By then every task that was asked for is healthy; events are told in milliseconds from here on. */
const SETTLED_MS = 10_000;

function setUp(delays: Delays) {
  const clock = new VirtualClock();
  const world = new ScriptedWorld(clock);
  const delayMs = delays.deregistrationDelaySeconds * 1_000;
  const stopMs = delays.stopTimeoutSeconds * 1_000;
  world.behaviour.deregistrationDelayMs = delayMs;
  const agent = new Agent({
    platform: world,
    elb: world,
    clock,
    limits: {
      healthyTimeoutMs: HEALTHY_TIMEOUT_MS,
      deregistrationDelayMs: delayMs,
      stopTimeoutMs: stopMs,
      replacement: replacementPolicy,
    },
    targetGroupArn: "blue",
    date: () => new Date(clock.nowMs()),
    taskId: (number) => `s${number}`,
    onChange: () => {},
    say: () => {},
  });
  const begin = async (...groups: string[]) => {
    for (const [index, targetGroupArn] of groups.entries()) {
      agent.startTask({ version: "v1", generation: index + 1, targetGroupArn });
    }
    await clock.advance(SETTLED_MS);
  };
  const events = () =>
    world.events.flatMap((event) => {
      const [, ms, what] = /^(\d+) (.*)$/.exec(event) ?? [];
      return Number(ms) < SETTLED_MS ? [] : [`${Number(ms) - SETTLED_MS} ${what}`];
    });
  const status = (id: string) => agent.tasks().find((task) => task.id === id)?.status;
  return { agent, clock, world, begin, events, status, delayMs, stopMs };
}

describe.each(["local", "aws"] as const)("with the delays of %s", (where) => {
  const delays = topology.delays[where];

  test("rolling: all old tasks are deregistered at once, and get SIGTERM when the whole delay is over", async () => {
    const { agent, clock, begin, events, status, delayMs } = setUp(delays);
    await begin("blue", "blue", "blue"); // s3 is of the new generation, in the same group
    const retired = agent.retire(["s1", "s2"]);
    await clock.advance(delayMs - 1);
    expect(events()).toEqual(["0 deregister blue 5001 5002"]);
    expect([status("s1"), status("s2"), status("s3")]).toEqual(["DEACTIVATING", "DEACTIVATING", "RUNNING"]);
    await clock.advance(1_000);
    await retired;
    expect(events().slice(1)).toEqual([
      `${delayMs} SIGTERM s1`,
      `${delayMs} SIGTERM s2`,
      `${delayMs + 200} exit s1`,
      `${delayMs + 200} exit s2`,
    ]);
    expect(status("s3")).toBe("RUNNING");
  });

  test("blue/green: the same for the blue group, while green serves and is left alone", async () => {
    const { agent, clock, begin, events, status, delayMs } = setUp(delays);
    await begin("blue", "blue", "green", "green");
    agent.serveFrom("green");
    const retired = agent.retire(["s1", "s2"]);
    await clock.advance(delayMs + 1_000);
    await retired;
    expect(events()).toEqual([
      "0 deregister blue 5001 5002",
      `${delayMs} SIGTERM s1`,
      `${delayMs} SIGTERM s2`,
      `${delayMs + 200} exit s1`,
      `${delayMs + 200} exit s2`,
    ]);
    expect([status("s3"), status("s4")]).toEqual(["RUNNING", "RUNNING"]);
  });

  test("a task that refuses to die gets SIGKILL when delay and stop timeout are over, and not a moment sooner", async () => {
    const { agent, clock, world, begin, events, status, delayMs, stopMs } = setUp(delays);
    world.behaviour.endMs = NEVER;
    await begin("blue", "blue");
    const retired = agent.retire(["s1"]);
    await clock.advance(delayMs + stopMs - 1);
    expect(events()).toEqual(["0 deregister blue 5001", `${delayMs} SIGTERM s1`]);
    expect(status("s1")).toBe("STOPPING");
    await clock.advance(1);
    await retired;
    expect(events().slice(2)).toEqual([`${delayMs + stopMs} SIGKILL s1`, `${delayMs + stopMs} exit s1`]);
  });

  test("a task that has emptied itself and ends during the delay is not waited for", async () => {
    const { agent, clock, world, begin, events } = setUp(delays);
    await begin("blue", "blue");
    const retired = agent.retire(["s1"]);
    await clock.advance(4_000);
    world.exit("s1", { code: 0, signal: null });
    await clock.advance(0);
    await retired;
    await clock.advance(delayMsAndMore(delays));
    expect(events()).toEqual(["0 deregister blue 5001", "4000 exit s1"]);
  });

  test("a target that stays draining beyond its delay does not keep a task for ever", async () => {
    const { agent, clock, world, begin, events, delayMs } = setUp(delays);
    world.behaviour.deregistrationDelayMs = NEVER;
    await begin("blue", "blue");
    const retired = agent.retire(["s1"]);
    await clock.advance(delayMs + 11_000);
    await retired;
    expect(events().slice(1)).toEqual([`${delayMs + 10_000} SIGTERM s1`, `${delayMs + 10_200} exit s1`]);
  });

  test("StopTask: SIGTERM comes with the deregistration, without its delay, and so does the start of a successor", async () => {
    const { agent, clock, begin, events, status } = setUp(delays);
    await begin("blue", "green");
    const stopped = agent.stopTask("s2");
    expect(status("s2")).toBe("STOPPING");
    await clock.advance(1_000);
    await stopped;
    expect(events()).toEqual([
      "0 start s3",
      "0 deregister green 5002",
      "0 SIGTERM s2",
      "100 register green 5003",
      "200 exit s2",
    ]);
    expect([status("s1"), status("s3")]).toEqual(["RUNNING", "RUNNING"]);
  });

  test("StopTask: who refuses to die has the stop timeout and nothing else", async () => {
    const { agent, clock, world, begin, events, stopMs } = setUp(delays);
    world.behaviour.endMs = NEVER;
    await begin("blue", "blue");
    const stopped = agent.stopTask("s1");
    await clock.advance(stopMs - 1);
    expect(events().some((event) => event.includes("SIGKILL"))).toBe(false);
    await clock.advance(1);
    await stopped;
    expect(events().slice(-2)).toEqual([`${stopMs} SIGKILL s1`, `${stopMs} exit s1`]);
  });
});

const delayMsAndMore = (delays: Delays): number => 2 * delays.deregistrationDelaySeconds * 1_000;
