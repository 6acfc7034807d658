import { describe, expect, it } from "vitest";
import type { ServerId } from "../room/room-port.ts";
import { biggestFirst, heirsOf, leastLoaded } from "./heirs.ts";
import { room, server } from "./records-for-tests.ts";

const self = "me" as ServerId;
const none = new Set<string>();
const ids = (servers: { id: string }[]) => servers.map(({ id }) => id);

describe("heirs", () => {
  it("are ready, and never the server itself", () => {
    const servers = [server("me"), server("a"), server("b", { state: "starting" }), server("c", { state: "draining" })];
    expect(ids(heirsOf(servers, self, none))).toEqual(["a"]);
  });

  it("are not about to be cut off, whatever they say of themselves", () => {
    expect(ids(heirsOf([server("a"), server("b")], self, new Set(["a:1"])))).toEqual(["b"]);
  });

  it("are of the newest generation that stays: the older one goes next", () => {
    const servers = [server("a"), server("b", { generation: 2 }), server("c", { generation: 2 })];
    expect(ids(heirsOf(servers, self, none))).toEqual(["b", "c"]);
  });

  it("are of the older generation when the newer one is rolled back", () => {
    const servers = [server("a"), server("b", { generation: 2, state: "draining" }), server("c", { generation: 2 })];
    expect(ids(heirsOf(servers, self, new Set(["c:1"])))).toEqual(["a"]);
  });

  it("come in another order for each server that goes, so that they do not all begin with the same one", () => {
    const old = ["a", "b", "c"].map((id) => server(id, { state: "draining" }));
    const servers = [...old, ...["d", "e", "f"].map((id) => server(id, { generation: 2 }))];
    const orders = old.map(({ id }) => ids(heirsOf(servers, id, none)).join(""));
    expect(orders).toEqual(["def", "efd", "fde"]);
  });

  it("are none when all go", () => {
    expect(heirsOf([server("me", { state: "draining" })], self, none)).toEqual([]);
    expect(leastLoaded([], new Map(), new Set())).toBeUndefined();
  });
});

describe("rooms", () => {
  it("go in the order of their size", () => {
    const rooms = [room("AAAA", 1), room("CCCC", 9), room("BBBB", 9)];
    expect(biggestFirst(rooms).map(({ code }) => code)).toEqual(["BBBB", "CCCC", "AAAA"]);
  });

  it("go to whom the fewest people have been given, those on their way included, and last to who refused", () => {
    const heirs = [server("a", { players: 4 }), server("b", { players: 1 }), server("c", { players: 2 })];
    const [b, c] = ["b" as ServerId, "c" as ServerId];
    expect(leastLoaded(heirs, new Map(), new Set())?.id).toBe("b");
    expect(leastLoaded(heirs, new Map([[b, 2]]), new Set())?.id).toBe("c");
    expect(leastLoaded(heirs, new Map([[b, 2]]), new Set([c]))?.id).toBe("b");
    expect(leastLoaded(heirs.slice(1, 2), new Map(), new Set([b]))?.id).toBe("b");
  });
});
