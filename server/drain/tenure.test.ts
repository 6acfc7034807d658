import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { drainWindowMs, stopWindowMs } from "./deadlines.ts";
import { room, server } from "./records-for-tests.ts";
import type { TargetState } from "./target-watch.ts";
import { Tenure, type TenureDependencies } from "./tenure.ts";

const times = { deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, pollMs: 500, propagationLagMs: 0 };

let clock: VirtualClock;
let targets: Map<string, TargetState>;
let delayMs: number | undefined;
let said: { event: string; [field: string]: unknown }[];
let gone: number;

beforeEach(() => {
  clock = new VirtualClock();
  targets = new Map([
    ["me:1", "healthy"],
    ["a:1", "healthy"],
  ]);
  delayMs = times.deregistrationDelayMs;
  [said, gone] = [[], 0];
});

/** A server with one room that nobody takes, so that it stays as long as it may. */
function tenure(changes: Partial<TenureDependencies> = {}): Tenure {
  const log = (fields: object) => void said.push(fields as { event: string });
  return new Tenure({
    ...{ clock, times, random: () => 0.5, self: server("me").id, sessions: () => [] },
    log: { info: log, warn: log },
    cluster: { servers: async () => [server("me"), server("a")], handOff: async () => "refused" },
    rooms: () => [room("AAAA", 1)],
    targets: {
      describe: async () => targets,
      deregistrationDelayMs: async () => {
        if (delayMs === undefined) throw new Error("AccessDenied");
        return delayMs;
      },
    },
    stepBack: () => {},
    ending: { sendPlayersAway: () => false, closeCluster: async () => {}, closeRooms() {}, async closeGateway() {} },
    onGone: () => void gone++,
    ...changes,
  });
}

const events = () => said.map(({ event }) => event);
const windows = () => said.filter(({ windowMs }) => windowMs !== undefined).map(({ windowMs }) => windowMs);

describe("the tenure of a server", () => {
  it("ends when its target is draining, within what is left of the deregistration delay", async () => {
    tenure().begin("me:1");
    await clock.advance(10_000);
    expect(said).toEqual([]);
    targets.set("me:1", "draining");
    await clock.advance(15_000);
    expect(said[0]).toMatchObject({ event: "stepping-back", cause: "target draining" });
    expect(windows()).toEqual([drainWindowMs(times, times.pollMs)]);
    expect([events().at(-1), gone]).toEqual(["left", 1]);
  });

  it("ends by a signal within what the stop timeout leaves, sooner than it would have otherwise", async () => {
    const own = tenure();
    own.begin("me:1");
    targets.set("me:1", "healthy");
    await clock.advance(1000);
    targets.set("me:1", "draining");
    await clock.advance(1000);
    void own.stop("SIGTERM");
    void own.stop("SIGINT");
    await clock.advance(stopWindowMs(times));
    expect(windows()).toEqual([drainWindowMs(times, times.pollMs), stopWindowMs(times)]);
    expect(gone).toBe(1);
  });

  it("takes the group's own deregistration delay when that is shorter, and says that they differ", async () => {
    delayMs = 10_000;
    tenure().begin("me:1");
    await clock.advance(1000);
    expect(said).toEqual([
      { event: "deregistration-delay-differs", configuredMs: 15_000, actualMs: 10_000, problem: undefined },
    ]);
    targets.set("me:1", "draining");
    await clock.advance(1000);
    expect(windows()).toEqual([drainWindowMs({ ...times, deregistrationDelayMs: 10_000 }, times.pollMs)]);
  });

  it("says so when that is too short", async () => {
    delayMs = 2000;
    tenure().begin("me:1");
    await clock.advance(0);
    expect(said[0]!.problem).toMatch(/^DEREGISTRATION_DELAY_SECONDS must be at least/);
  });

  it.each([
    ["that is shorter", 300_000],
    ["nobody can tell", undefined],
  ])("keeps to the configured delay when %s", async (_why, actualMs) => {
    delayMs = actualMs;
    tenure().begin("me:1");
    await clock.advance(1000);
    targets.set("me:1", "draining");
    await clock.advance(1000);
    expect(windows()).toEqual([drainWindowMs(times, times.pollMs)]);
  });

  it("without a target group ends by a signal only", async () => {
    const own = tenure({ targets: undefined });
    own.begin("me:1");
    targets.set("me:1", "draining");
    await clock.advance(10_000);
    expect(said).toEqual([]);
    void own.stop("SIGTERM");
    await clock.advance(stopWindowMs(times));
    expect(gone).toBe(1);
  });

  it("may end before it has begun", async () => {
    const own = tenure();
    void own.leaveAtOnce("closed");
    own.begin("me:1");
    await clock.advance(1000);
    expect([own.status().phase, gone]).toEqual(["gone", 1]);
  });
});
