import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { ServerRecord } from "../cluster/cluster.ts";
import { server } from "../drain/records-for-tests.ts";
import type { ServerId } from "../room/room-port.ts";
import {
  CHANGE_MIN_MS,
  HELD_MINUTES,
  HOLD_TRIES_MS,
  KEPT_MINUTES,
  LOOK_MS,
  TaskProtection,
} from "./task-protection.ts";

const MINUTE_MS = 60_000;

let clock: VirtualClock;
let servers: ServerRecord[] | "away";
/** What the agent was asked for, with the time. */
let asked: string[];
let told: string[];
let warnings: string[];
let trouble: string | undefined;
/** What ECS knows, wall clock; others may set it too. */
let expiresAtMs: number | undefined;
let tries: number;
/** While set, the agent answers when this is settled. */
let slow: Promise<void> | undefined;
let protection: TaskProtection;

const own = (facts: Partial<ServerRecord> = {}) => server("a", { players: 5, ...facts });
const next = (facts: Partial<ServerRecord> = {}) => server("c", { generation: 2, ...facts });

async function answer(): Promise<void> {
  tries += 1;
  await slow;
  if (trouble !== undefined) throw new Error(trouble);
}

async function change(what: string, untilMs: number | undefined): Promise<void> {
  asked.push(`${clock.now() / 1000} s ${what}`);
  await answer();
  expiresAtMs = untilMs;
}

/** Somebody who deploys does the same by ECS's API. */
function protectedByOthers(minutes: number): void {
  expiresAtMs = clock.wallNow() + minutes * MINUTE_MS;
}

beforeEach(() => {
  clock = new VirtualClock();
  servers = [own(), server("b", { players: 1 })];
  [asked, told, warnings] = [[], [], []];
  tries = 0;
  [trouble, slow, expiresAtMs] = [undefined, undefined, undefined];
  protection = new TaskProtection({
    clock,
    self: "a" as ServerId,
    log: {
      info: (fields) => told.push((fields as { event: string }).event),
      warn: (fields) => warnings.push((fields as { err: Error }).err.message),
    },
    cluster: {
      servers: async () => {
        if (servers === "away") throw new Error("Redis is away");
        return servers;
      },
    },
    protection: {
      expiresAtMs: async () => {
        await answer();
        return expiresAtMs !== undefined && expiresAtMs > clock.wallNow() ? expiresAtMs : undefined;
      },
      protect: (minutes) => change(`protect ${minutes}`, clock.wallNow() + minutes * MINUTE_MS),
      release: () => change("release", undefined),
    },
  });
});

describe("a server with people", () => {
  it("is protected soon, and never for a moment without it", async () => {
    protection.start();
    await clock.advance(60 * MINUTE_MS);
    const times = asked.map((one) => Number.parseFloat(one));
    expect(new Set(asked.map((one) => one.split("s ")[1]))).toEqual(new Set([`protect ${KEPT_MINUTES}`]));
    expect(times[0]).toBe(LOOK_MS / 1_000);
    for (const [index, time] of times.slice(1).entries()) expect(time - times[index]!).toBeLessThan(KEPT_MINUTES * 60);
    expect(times.length).toBeLessThan(15);
    expect(protection.status()).toMatchObject({ kind: "kept", leftMs: expect.any(Number) });
    expect(told).toEqual(["task-protected"]);
  });

  it("is let go when it is the emptiest, and ECS is not told of every turn", async () => {
    protection.start();
    await clock.advance(CHANGE_MIN_MS);
    for (let turn = 0; turn < 30; turn++) {
      servers = [own({ players: turn % 2 === 0 ? 1 : 5 }), server("b", { players: 2 })];
      await clock.advance(2 * LOOK_MS);
    }
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.length).toBeLessThanOrEqual(2 + (60 * LOOK_MS) / CHANGE_MIN_MS);
    servers = [own({ players: 1 }), server("b", { players: 2 })];
    await clock.advance(CHANGE_MIN_MS);
    expect(protection.status()).toEqual({ kind: "free" });
    expect(asked.at(-1)).toMatch(/release$/);
  });

  it("does not shorten the protection that somebody else gave it, nor end it as the emptiest", async () => {
    protectedByOthers(60);
    protection.start();
    await clock.advance(30 * MINUTE_MS);
    servers = [own({ players: 1 }), server("b", { players: 2 })];
    await clock.advance(10 * MINUTE_MS);
    expect(asked).toEqual([]);
    expect(protection.status()).toEqual({ kind: "free" });
  });

  it("stays protected when a Redis that was emptied knows nobody else for a moment", async () => {
    protection.start();
    await clock.advance(MINUTE_MS);
    const all = servers;
    servers = [own()];
    await clock.advance(LOOK_MS);
    servers = all;
    await clock.advance(MINUTE_MS);
    expect(asked).toEqual([`2 s protect ${KEPT_MINUTES}`]);
  });

  it("stays as it is while Redis is away or does not know it, until its protection runs out", async () => {
    protection.start();
    await clock.advance(LOOK_MS + 1_000);
    servers = "away";
    await clock.advance(MINUTE_MS);
    servers = [server("b", { players: 1 })];
    await clock.advance(MINUTE_MS);
    expect(asked).toHaveLength(1);
    expect(protection.status().kind).toBe("kept");
    await clock.advance(KEPT_MINUTES * MINUTE_MS);
    expect(protection.status()).toEqual({ kind: "free" });
  });
});

describe("a server whose successors have come", () => {
  it("is held once, and never again, however long they are judged", async () => {
    servers = [own(), next({ state: "starting" })];
    protection.start();
    await clock.advance(3 * HELD_MINUTES * MINUTE_MS);
    expect(asked).toEqual([`0 s protect ${HELD_MINUTES}`]);
    expect(protection.status()).toEqual({ kind: "free" });
  });

  it("is held at once, although it has just been let go as the emptiest", async () => {
    servers = [own({ players: 1 }), server("b", { players: 2 })];
    protection.start();
    await clock.advance(1_000);
    servers = [...servers, next()];
    await clock.advance(LOOK_MS);
    expect(asked).toEqual([`2 s protect ${HELD_MINUTES}`]);
  });

  it("is let go when its last player has gone, and not held again for another one", async () => {
    servers = [own(), next()];
    protection.start();
    await clock.advance(MINUTE_MS);
    servers = [own({ players: 0 }), next()];
    await clock.advance(MINUTE_MS);
    servers = [own({ players: 1 }), next()];
    await clock.advance(MINUTE_MS);
    expect(asked.map((one) => one.split("s ")[1])).toEqual([`protect ${HELD_MINUTES}`, "release"]);
  });

  it("is not held when it had no players as they came", async () => {
    servers = [own({ players: 0 }), next()];
    protection.start();
    await clock.advance(MINUTE_MS);
    servers = [own(), next()];
    await clock.advance(MINUTE_MS);
    expect(asked).toEqual([]);
  });

  it("leaves a hold as it is that whoever deploys has put on it for longer, and lets go what was taken from it", async () => {
    protection.start();
    await clock.advance(MINUTE_MS);
    protectedByOthers(90);
    servers = [own(), next()];
    await clock.advance(80 * MINUTE_MS);
    expect(asked).toEqual([`2 s protect ${KEPT_MINUTES}`]);
    expiresAtMs = undefined;
    await clock.advance(20 * MINUTE_MS);
    expect(asked).toHaveLength(1);
  });

  it("is not held any more when that could not be done for a minute: the others may have been let go by then", async () => {
    servers = [own(), next()];
    trouble = "ThrottlingException";
    protection.start();
    await clock.advance(HOLD_TRIES_MS + MINUTE_MS);
    trouble = undefined;
    await clock.advance(10 * MINUTE_MS);
    expect(expiresAtMs).toBeUndefined();
    expect(protection.status().kind).toBe("free");
  });

  it("is protected as before when they are rolled back, and held again when the next ones come", async () => {
    servers = [own(), server("b", { players: 1 }), next()];
    protection.start();
    await clock.advance(MINUTE_MS);
    servers = [own(), server("b", { players: 1 }), next({ state: "draining" })];
    await clock.advance(2 * HELD_MINUTES * MINUTE_MS);
    expect(protection.status().kind).toBe("kept");
    const before = asked.length;
    servers = [own(), server("b", { players: 1 }), next()];
    await clock.advance(LOOK_MS);
    expect(asked.slice(before).map((one) => one.split("s ")[1])).toEqual([`protect ${HELD_MINUTES}`]);
  });
});

describe("a server that leaves", () => {
  it("is let go at once, and stays so whatever the registry says", async () => {
    protection.start();
    await clock.advance(LOOK_MS + 1_000);
    protection.leave();
    await clock.advance(MINUTE_MS);
    expect(asked).toEqual([`2 s protect ${KEPT_MINUTES}`, "3 s release"]);
    expect(told).toEqual(["task-protected", "task-released"]);
  });

  it("is let go even if it was being protected that very moment", async () => {
    let answer: () => void = () => {};
    slow = new Promise((resolve) => {
      answer = resolve;
    });
    protection.start();
    await clock.advance(2_500);
    protection.leave();
    await clock.advance(500);
    answer();
    await clock.advance(500);
    expect(asked.at(-1)).toBe("3 s release");
    expect(protection.status()).toEqual({ kind: "free" });
  });

  it("says nothing to ECS when it was not protected, and nothing at all after its end", async () => {
    servers = [own({ players: 0 })];
    protection.start();
    protection.leave();
    await clock.advance(MINUTE_MS);
    protection.close();
    servers = [own(), server("b", { players: 1 })];
    await clock.advance(MINUTE_MS);
    expect(asked).toEqual([]);
  });
});

describe("an agent that does not do what it is asked", () => {
  it("is asked again, more and more rarely, and that is told once", async () => {
    trouble = "AccessDeniedException";
    protection.start();
    await clock.advance(10 * MINUTE_MS);
    expect(warnings).toEqual(["AccessDeniedException"]);
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(18);
    expect(protection.status()).toEqual({ kind: "free", trouble: "AccessDeniedException" });
    trouble = undefined;
    await clock.advance(MINUTE_MS + LOOK_MS);
    expect(protection.status()).toMatchObject({ kind: "kept" });
    expect(protection.status()).not.toHaveProperty("trouble");
  });

  it("holds no departure up, and is asked at once when it begins", async () => {
    protection.start();
    await clock.advance(4.5 * MINUTE_MS);
    trouble = "ThrottlingException";
    await clock.advance(MINUTE_MS);
    protection.leave();
    await clock.advance(100);
    expect(asked.at(-1)).toBe("330 s release");
    trouble = undefined;
    await clock.advance(2 * MINUTE_MS);
    expect(protection.status()).toEqual({ kind: "free" });
  });
});
