import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { ServerId } from "../room/room-port.ts";
import { drainWindowMs, stopWindowMs } from "./deadlines.ts";
import type { Leaver } from "./farewell.ts";
import type { RoomToMove } from "./heirs.ts";
import { room, server } from "./records-for-tests.ts";
import type { TargetState } from "./target-group.ts";
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
    targetGroups: [
      {
        describe: async () => targets,
        deregistrationDelayMs: async () => {
          if (delayMs === undefined) throw new Error("AccessDenied");
          return delayMs;
        },
      },
    ],
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
    const own = tenure({ targetGroups: [] });
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

/** `aws` of the topology's delays. */
const onEcs = { deregistrationDelayMs: 60_000, stopTimeoutMs: 30_000, pollMs: 1_000, propagationLagMs: 20_000 };
/** A page needs so long to go on over another connection. */
const MOVE_MS = 300;

class Player implements Leaver {
  place: Leaver["place"] = "seated";
  readonly isMovable = true;
  readonly movedAgoMs = Number.POSITIVE_INFINITY;
  readonly goes: boolean;
  offers = 0;

  constructor(goes = true) {
    this.goes = goes;
  }
  async offerMove(): Promise<void> {
    this.offers += 1;
    if (this.goes) clock.after(MOVE_MS, () => this.refuse());
  }
  refuse(): void {
    this.place = "closed";
  }
}

describe("a task that ECS stops without draining it first (StopTask)", () => {
  let players: Player[];
  let rooms: RoomToMove[];
  let heirs: ServerId[];
  let leftAtMs: number | undefined;
  let toldToComeBack: number;

  beforeEach(() => {
    players = Array.from({ length: 100 }, () => new Player());
    rooms = ["AAAA", "BBBB", "CCCC", "DDDD"].map((code) => room(code, 25));
    [heirs, leftAtMs, toldToComeBack] = [[], undefined, 0];
  });

  const present = () => players.filter(({ place }) => place !== "closed");

  /** SIGTERM comes at 10 s; SIGKILL would come 30 s later. */
  async function stopTask(changes: Partial<TenureDependencies> = {}): Promise<void> {
    const own = tenure({
      times: onEcs,
      sessions: present,
      rooms: () => rooms,
      cluster: {
        servers: async () => [server("me", { players: 100 }), server("a"), server("b")],
        async handOff(code, heir) {
          heirs.push(heir);
          rooms = rooms.filter((one) => one.code !== code);
          return "handed-off";
        },
      },
      ending: {
        sendPlayersAway() {
          toldToComeBack = present().length;
          return toldToComeBack > 0;
        },
        ...{ closeCluster: async () => {}, closeRooms() {}, async closeGateway() {} },
      },
      onGone: () => {
        leftAtMs = clock.now();
      },
      ...changes,
    });
    delayMs = onEcs.deregistrationDelayMs;
    own.begin("me:1");
    await clock.advance(10_000);
    void own.stop("SIGTERM");
    // ECS takes the task out of its target group in the same breath, and the load balancer would wait for a minute.
    targets.set("me:1", "draining");
    await clock.advance(onEcs.stopTimeoutMs);
  }

  it("hands its rooms to those who stay and moves a hundred players, each once, before it would be killed", async () => {
    await stopTask();
    expect(new Set(heirs)).toEqual(new Set(["a", "b"]));
    expect(players.map(({ offers }) => offers)).toEqual(players.map(() => 1));
    expect(toldToComeBack).toBe(0);
    expect(leftAtMs).toBeLessThan(10_000 + onEcs.stopTimeoutMs);
    expect(said.at(-1)).toMatchObject({ event: "left", playersLeft: 0, roomsLeft: 0, unfinished: [] });
  });

  it("ends in time although its target has begun to drain: the signal's deadline stands", async () => {
    players = [new Player(false)];
    await stopTask();
    expect(windows()).toEqual([stopWindowMs(onEcs)]);
    expect(players[0]!.offers).toBeGreaterThan(3);
    expect(toldToComeBack).toBe(1);
    expect(leftAtMs).toBeLessThan(10_000 + onEcs.stopTimeoutMs);
  });

  it("ends in time when nobody takes its rooms and nobody answers, and says what was left", async () => {
    const never = new Promise<never>(() => {});
    await stopTask({
      cluster: { servers: async () => [server("me"), server("a")], handOff: async () => "refused" },
      sessions: () => [new Player(false)],
      targetGroups: [{ describe: () => never, deregistrationDelayMs: () => never }],
    });
    expect(leftAtMs).toBeLessThan(10_000 + onEcs.stopTimeoutMs);
    expect(said.at(-1)).toMatchObject({ event: "left", playersLeft: 1, roomsLeft: 4 });
  });
});
