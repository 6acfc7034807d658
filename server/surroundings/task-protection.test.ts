import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { ServerRecord } from "../cluster/cluster.ts";
import { server } from "../drain/records-for-tests.ts";
import type { ServerId } from "../room/room-port.ts";
import { CHANGE_MIN_MS, HELD_MINUTES, KEPT_MINUTES, LOOK_MS, TaskProtection } from "./task-protection.ts";

const MINUTE_MS = 60_000;

let clock: VirtualClock;
let servers: ServerRecord[] | "away";
/** What the agent was asked for, with the time. */
let asked: string[];
let told: string[];
let warnings: string[];
let trouble: string | undefined;
/** While set, the agent answers when this is settled. */
let slow: Promise<void> | undefined;
let protection: TaskProtection;

const own = (facts: Partial<ServerRecord> = {}) => server("a", { players: 5, ...facts });
const next = (facts: Partial<ServerRecord> = {}) => server("c", { generation: 2, ...facts });

function ask(what: string): () => Promise<void> {
  return async () => {
    asked.push(`${clock.now() / 1000} s ${what}`);
    await slow;
    if (trouble !== undefined) throw new Error(trouble);
  };
}

beforeEach(() => {
  clock = new VirtualClock();
  servers = [own(), server("b", { players: 1 })];
  [asked, told, warnings] = [[], [], []];
  [trouble, slow] = [undefined, undefined];
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
    protection: { protect: (minutes) => ask(`protect ${minutes}`)(), release: ask("release") },
  });
});

describe("a server with people", () => {
  it("is protected at once, and never for a moment without it", async () => {
    protection.start();
    await clock.advance(60 * MINUTE_MS);
    const times = asked.map((one) => Number.parseFloat(one));
    expect(new Set(asked.map((one) => one.split("s ")[1]))).toEqual(new Set([`protect ${KEPT_MINUTES}`]));
    expect(times[0]).toBe(0);
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
      await clock.advance(LOOK_MS);
    }
    expect(asked.length).toBeLessThanOrEqual(2 + (30 * LOOK_MS) / CHANGE_MIN_MS);
    servers = [own({ players: 1 }), server("b", { players: 2 })];
    await clock.advance(CHANGE_MIN_MS);
    expect(protection.status()).toEqual({ kind: "free" });
    expect(asked.at(-1)).toMatch(/release$/);
  });

  it("stays as it is while Redis is away or does not know it, until its protection runs out", async () => {
    protection.start();
    await clock.advance(1_000);
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
    await clock.advance(1_000);
    protection.leave();
    await clock.advance(MINUTE_MS);
    expect(asked).toEqual([`0 s protect ${KEPT_MINUTES}`, "1 s release"]);
    expect(told).toEqual(["task-protected", "task-released"]);
  });

  it("is let go even if it was being protected that very moment", async () => {
    let answer: () => void = () => {};
    slow = new Promise((resolve) => {
      answer = resolve;
    });
    protection.start();
    await clock.advance(500);
    protection.leave();
    await clock.advance(500);
    answer();
    await clock.advance(500);
    expect(asked).toEqual([`0 s protect ${KEPT_MINUTES}`, "1 s release"]);
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
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.length).toBeLessThan(18);
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
