import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { LEAVE_DEADLINE_MS, type Leaving, leave } from "./leave.ts";

function parts(changes: Partial<Leaving> = {}) {
  const said: string[] = [];
  const leaving: Leaving = {
    stepBack: () => void said.push("step back"),
    sendPlayersAway: () => void said.push("players"),
    closeRooms: () => void said.push("rooms"),
    closeCluster: async () => void said.push("cluster"),
    closeGateway: async () => void said.push("gateway"),
    ...changes,
  };
  return { said, leaving };
}

describe("a departure", () => {
  it("steps back first, gives rooms up while they run, and closes the door last", async () => {
    const clock = new VirtualClock();
    const { said, leaving } = parts();
    const left = leave(leaving, clock);
    await clock.advance(LEAVE_DEADLINE_MS);
    expect(await left).toEqual([]);
    expect(said).toEqual(["step back", "players", "cluster", "rooms", "gateway"]);
  });

  it("ends at its deadline and says what was left", async () => {
    const clock = new VirtualClock();
    const { leaving } = parts({ closeCluster: () => new Promise(() => {}) });
    const left = leave(leaving, clock);
    await clock.advance(LEAVE_DEADLINE_MS);
    expect(await left).toEqual(["cluster", "rooms", "gateway"]);
  });

  it("goes on after a part that fails", async () => {
    const clock = new VirtualClock();
    const { said, leaving } = parts({ closeCluster: () => Promise.reject(new Error("Redis")) });
    const left = leave(leaving, clock);
    await clock.advance(LEAVE_DEADLINE_MS);
    expect(await left).toEqual(["cluster: Error: Redis"]);
    expect(said).toContain("gateway");
  });
});
