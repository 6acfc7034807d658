import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { CLOSE_MS, FLUSH_MS } from "./deadlines.ts";
import { type Ending, sayGoodbye } from "./goodbye.ts";

function parts(changes: Partial<Ending> = {}) {
  const said: string[] = [];
  const ending: Ending = {
    sendPlayersAway: () => said.push("players") > 0,
    closeRooms: () => void said.push("rooms"),
    closeCluster: async () => void said.push("cluster"),
    closeGateway: async () => void said.push("gateway"),
    ...changes,
  };
  return { said, ending };
}

describe("a goodbye", () => {
  it("tells players first, gives rooms up while they run, and closes the door last", async () => {
    const clock = new VirtualClock();
    const { said, ending } = parts();
    const left = sayGoodbye(ending, clock);
    await clock.advance(FLUSH_MS - 1);
    expect(said).toEqual(["players"]);
    await clock.advance(1);
    expect(await left).toEqual([]);
    expect(said).toEqual(["players", "cluster", "rooms", "gateway"]);
  });

  it("takes no time when nobody is left to be told", async () => {
    const { ending } = parts({ sendPlayersAway: () => false });
    expect(await sayGoodbye(ending, new VirtualClock())).toEqual([]);
  });

  it("ends at its deadline and says what was left", async () => {
    const clock = new VirtualClock();
    const { ending } = parts({ closeCluster: () => new Promise(() => {}) });
    const left = sayGoodbye(ending, clock);
    await clock.advance(CLOSE_MS);
    expect(await left).toEqual(["cluster", "rooms", "gateway"]);
  });

  it("goes on after a part that fails", async () => {
    const clock = new VirtualClock();
    const { said, ending } = parts({ closeCluster: () => Promise.reject(new Error("Redis")) });
    const left = sayGoodbye(ending, clock);
    await clock.advance(CLOSE_MS);
    expect(await left).toEqual(["cluster: Error: Redis"]);
    expect(said).toContain("gateway");
  });
});
