import { describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import { type Cluster, ClusterUnavailable } from "../cluster/cluster.ts";
import { player } from "../room/room-for-tests.ts";
import type { RoomCode, RoomPort } from "../room/room-port.ts";
import { chooseRoom, RETURN_PATIENCE_MS } from "./room-choice.ts";

const quick = { code: "QKPA" } as RoomPort;
const last = { code: "LAST", waters: "basin" } as RoomPort;
const remote = { code: "FARR" } as RoomPort;

function choose(cluster: Partial<Cluster>, request: object = {}) {
  const clock = new VirtualClock();
  const nothing = async () => undefined;
  const whole = { quickPlay: async () => quick, lastRoomOf: nothing, company: nothing, ...cluster } as Cluster;
  return { clock, chosen: chooseRoom({ cluster: whole, clock }, { name: "Ann", ...request }, player("ann")) };
}

describe("the choice of a room", () => {
  it("is quick play for somebody new", async () => {
    expect(await choose({}).chosen).toBe(quick);
  });

  it("is the room that a player's boat waits in", async () => {
    const cluster = { lastRoomOf: async () => "LAST" as RoomCode, find: async () => last };
    expect(await choose(cluster).chosen).toBe(last);
  });

  it("waits for that room while it has no owner, and no longer than its patience", async () => {
    let fails = 3;
    const find = async () => {
      if (fails-- > 0) throw new ClusterUnavailable("no owner");
      return last;
    };
    const soon = choose({ lastRoomOf: async () => "LAST" as RoomCode, find });
    await soon.clock.advance(1000);
    expect(await soon.chosen).toBe(last);

    fails = Number.POSITIVE_INFINITY;
    const never = choose({ lastRoomOf: async () => "LAST" as RoomCode, find });
    await never.clock.advance(RETURN_PATIENCE_MS + 1000);
    expect(await never.chosen).toBe(quick);
  });

  it("of a player who wants an arena is the one that the boat waits in, else whichever there is", async () => {
    const arena = { code: "ARNA", waters: "arena" } as RoomPort;
    const asked: unknown[] = [];
    const quickPlay = async (waters?: unknown) => {
      asked.push(waters);
      return arena;
    };
    const remembered = { quickPlay, lastRoomOf: async () => "LAST" as RoomCode };
    expect(await choose({ ...remembered, find: async () => arena }, { waters: "arena" }).chosen).toBe(arena);
    expect(asked).toEqual([]);
    expect(await choose({ ...remembered, find: async () => last }, { waters: "arena" }).chosen).toBe(arena);
    expect(asked).toEqual(["arena"]);
  });

  it("of a player who was in an arena and wants a basin is another room", async () => {
    const find = async () => ({ code: "LAST", waters: "arena" }) as RoomPort;
    expect(await choose({ lastRoomOf: async () => "LAST" as RoomCode, find }).chosen).toBe(quick);
  });

  it("is quick play when nobody remembers, because Redis is away", async () => {
    const lastRoomOf = async () => {
      throw new ClusterUnavailable("away");
    };
    expect(await choose({ lastRoomOf }).chosen).toBe(quick);
  });

  it("is a small room elsewhere rather than an empty one here, but never instead of one's own boat", async () => {
    const company = async () => remote;
    expect(await choose({ company }).chosen).toBe(remote);
    const cluster = { company, lastRoomOf: async () => "LAST" as RoomCode, find: async () => last };
    expect(await choose(cluster).chosen).toBe(last);
    expect(await choose({ company }, { prefer: "local" }).chosen).toBe(quick);
  });

  it("is a room of another server for load that wants to cross servers, if there is one", async () => {
    expect(await choose({ quickPlayRemote: async () => remote }, { prefer: "remote" }).chosen).toBe(remote);
    expect(await choose({ quickPlayRemote: async () => undefined }, { prefer: "remote" }).chosen).toBe(quick);
  });

  it("refuses a named room that nobody has", async () => {
    const { chosen } = choose({ find: async () => undefined }, { room: "NNNN" });
    await expect(chosen).rejects.toMatchObject({ code: "unknown-room" });
  });
});
