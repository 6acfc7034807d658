import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../server/clock.ts";
import type { Line } from "./line.ts";
import { type Backend, LoadBalancer } from "./load-balancer.ts";
import { noTrace } from "./trace.ts";

describe("the simulated load balancer", () => {
  let clock: VirtualClock;
  let balancer: LoadBalancer;
  let ended: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    ended = [];
    const delays = { healthIntervalMs: 500, deregistrationDelayMs: 5_000, propagationMs: 1_000 };
    balancer = new LoadBalancer({ clock, trace: noTrace, ...delays });
  });

  class Target implements Backend {
    readonly address: string;
    readonly accepted: string[] = [];
    state: "ready" | "not-ready" = "ready";
    constructor(address: string) {
      this.address = address;
    }
    readiness() {
      return this.state;
    }
    accept({ id }: Line): void {
      this.accepted.push(id);
    }
  }

  const line = (id: string) => ({ id, end: () => ended.push(id) }) as unknown as Line;

  it("sends nobody to a target before its second good check, and then to the one with the fewest connections", async () => {
    const [a, b] = [new Target("a"), new Target("b")];
    balancer.register(a);
    await clock.advance(500);
    expect(balancer.stateOf("a")).toBe("healthy");
    for (const id of ["1", "2"]) balancer.connect(line(id), {});
    balancer.register(b);
    balancer.connect(line("3"), {});
    expect([a.accepted, b.accepted]).toEqual([["1", "2", "3"], []]);
    await clock.advance(500);
    for (const id of ["4", "5"]) balancer.connect(line(id), {});
    expect(b.accepted).toEqual(["4", "5"]);
  });

  it("goes on sending to a deregistered target for the propagation lag, and cuts what is left after the delay", async () => {
    const [a, b] = [new Target("a"), new Target("b")];
    for (const target of [a, b]) balancer.register(target);
    await clock.advance(500);
    const first = line("1");
    balancer.connect(first, {});
    let gone = 0;
    balancer.deregister(["b"], () => gone++);
    expect(balancer.stateOf("b")).toBe("draining");
    const second = line("2");
    balancer.connect(second, {});
    expect(b.accepted).toEqual(["2"]);
    await clock.advance(1_000);
    for (const id of ["3", "4"]) balancer.connect(line(id), {});
    expect(b.accepted).toEqual(["2"]);
    await clock.advance(3_999);
    expect([gone, ended]).toEqual([0, []]);
    await clock.advance(1);
    expect([gone, ended]).toEqual([1, ["2"]]);
    expect(balancer.stateOf("b")).toBeUndefined();
  });

  it("lets a target go as soon as its last connection has ended", async () => {
    const a = new Target("a");
    balancer.register(a);
    await clock.advance(500);
    const only = line("1");
    balancer.connect(only, {});
    let gone = 0;
    balancer.deregister(["a"], () => gone++);
    await clock.advance(2_000);
    expect(gone).toBe(0);
    balancer.ended(only);
    expect(gone).toBe(1);
  });

  it("takes a target out that does not answer well any more", async () => {
    const [a, b] = [new Target("a"), new Target("b")];
    for (const target of [a, b]) balancer.register(target);
    await clock.advance(500);
    a.state = "not-ready";
    await clock.advance(1_000);
    expect(balancer.stateOf("a")).toBe("unhealthy");
    for (const id of ["1", "2"]) balancer.connect(line(id), {});
    expect([a.accepted, b.accepted]).toEqual([[], ["1", "2"]]);
  });

  it("hangs up on who comes while there is no target", () => {
    balancer.connect(line("1"), {});
    expect(ended).toEqual(["1"]);
  });
});
