import { describe, expect, it } from "vitest";
import type { ServerId } from "../room/room-port.ts";
import { excessSockets, isSettled, roomToGive } from "./balance.ts";
import { room, server } from "./records-for-tests.ts";

const sockets = (...counts: number[]) => counts.map((count, index) => server(`s${index}`, { sockets: count }));
const players = (...counts: number[]) => counts.map((count, index) => server(`s${index}`, { players: count }));
const s0 = "s0" as ServerId;

describe("servers", () => {
  it("are settled when all are ready and of one generation, and more than one", () => {
    expect(isSettled([server("a"), server("b")])).toBe(true);
    expect(isSettled([server("a"), server("b", { generation: 2 })])).toBe(false);
    expect(isSettled([server("a"), server("b", { state: "draining" })])).toBe(false);
    expect(isSettled([server("a")])).toBe(false);
    expect(isSettled([])).toBe(false);
  });
});

describe("too many sockets", () => {
  it("are those above the mean, after two of five servers came empty", () => {
    expect(excessSockets(sockets(20, 20, 20, 0, 0), s0)).toBe(8);
  });

  it("are none while the difference is small: neither in shares nor in numbers", () => {
    expect(excessSockets(sockets(23, 20, 20), s0)).toBe(0);
    expect(excessSockets(sockets(3, 1, 1), s0)).toBe(0);
    expect(excessSockets(sockets(0, 9), s0)).toBe(0);
  });

  it("never leave a server below the mean", () => {
    for (const own of [5, 9, 30, 61]) {
      const servers = sockets(own, 3, 0, 8);
      const mean = servers.reduce((sum, one) => sum + one.sockets, 0) / 4;
      expect(own - excessSockets(servers, s0)).toBeGreaterThanOrEqual(mean);
    }
  });
});

describe("a room", () => {
  it("goes from the fullest server to the emptiest if the fuller of the two has less then", () => {
    const rooms = [room("AAAA", 12), room("BBBB", 8)];
    expect(roomToGive(players(20, 10, 0), s0, rooms)).toEqual({ room: rooms[0], heir: "s2" });
  });

  it("stays when that would only change who is fullest", () => {
    expect(roomToGive(players(20, 0), s0, [room("AAAA", 20)])).toBeUndefined();
    expect(roomToGive(players(20, 15), s0, [room("AAAA", 10), room("BBBB", 10)])).toBeUndefined();
  });

  it("is given by the fullest only, so that two do not give to the same one", () => {
    expect(roomToGive(players(20, 21, 0), s0, [room("AAAA", 10)])).toBeUndefined();
    expect(roomToGive(players(21, 21, 0), s0, [room("AAAA", 10)])).toBeDefined();
    expect(roomToGive(players(21, 21, 0), "s1" as ServerId, [room("AAAA", 10)])).toBeUndefined();
  });

  it("that is an arena stays where it is most of what there is, and is given to nobody who does not know arenas", () => {
    expect(roomToGive(players(300, 40), s0, [room("ARNA", 300, "arena")])).toBeUndefined();
    const given = [room("ARNA", 100, "arena"), room("AAAA", 32)];
    expect(roomToGive(players(300, 0), s0, given)?.room.code).toBe("ARNA");
    const [full, empty] = players(300, 0);
    expect(roomToGive([full!, { ...empty!, arenas: false }], s0, given)?.room.code).toBe("AAAA");
  });

  it("is not moved for the sake of one player", () => {
    expect(roomToGive(players(3, 0), s0, [room("AAAA", 1)])).toBeUndefined();
  });
});
