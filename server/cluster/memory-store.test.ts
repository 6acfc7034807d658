import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { RoomCode } from "../room/room-port.ts";
import { ClusterUnavailable } from "./cluster.ts";
import { MemoryRedis } from "./memory-redis.ts";
import { MemoryStore } from "./memory-store.ts";
import { CONTRACT_TIMING, describeStore } from "./store-contract.ts";
import { COMMAND_TIMEOUT_MS } from "./timing.ts";

const shared = new VirtualClock();
describeStore("MemoryStore", {
  start: async () => {},
  create: async () => new MemoryStore(shared, new MemoryRedis(shared, CONTRACT_TIMING)),
  pass: (durationMs) => shared.advance(durationMs),
  stop: async () => {},
});

describe("the link of a MemoryStore", () => {
  const code = "ABCD" as RoomCode;

  it("fails at once when refused", async () => {
    const clock = new VirtualClock();
    const store = new MemoryStore(clock, new MemoryRedis(clock));
    store.link = "refused";
    await expect(store.room(code)).rejects.toBeInstanceOf(ClusterUnavailable);
  });

  it("fails after the command timeout when silent", async () => {
    const clock = new VirtualClock();
    const store = new MemoryStore(clock, new MemoryRedis(clock));
    store.link = "silent";
    const failed = expect(store.room(code)).rejects.toThrow("no answer in time");
    await clock.advance(COMMAND_TIMEOUT_MS);
    await failed;
  });

  it("runs a command that is answered too late, and still fails it", async () => {
    const clock = new VirtualClock();
    const redis = new MemoryRedis(clock);
    const store = new MemoryStore(clock, redis);
    store.delayMs = COMMAND_TIMEOUT_MS * 0.6;
    const claim = { code, epoch: 1, birth: "b", owner: { id: "a", version: "v1" }, waters: "basin" as const };
    const failed = expect(store.hold(claim)).rejects.toThrow("no answer in time");
    await clock.advance(COMMAND_TIMEOUT_MS);
    await failed;
    expect(redis.room(code)).toMatchObject(claim);
  });
});
