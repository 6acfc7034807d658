// What every ClusterStore must do, as tests that run on each of them.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import { describeArenas } from "./arena-contract.ts";
import { HALL_OF_FAME_MAX } from "./limits.ts";
import type { ClusterStore, HallRecord, RoomClaim, ServerBeat, StoreTiming } from "./store.ts";

/** Short, so that a store on the real clock can be tested with them. */
export const CONTRACT_TIMING: StoreTiming = { leaseMs: 150, heartbeatExpiryMs: 150, roomKeepMs: 450, lastRoomMs: 150 };

export interface StoreHarness {
  start(): Promise<void>;
  /** An empty store that applies CONTRACT_TIMING. */
  create(): Promise<ClusterStore>;
  /** Lets time pass for the store. */
  pass(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

const code = "ABCD" as RoomCode;
const player = "p1" as PlayerId;
const bytes = Uint8Array.of(0, 255, 10, 13, 128);

function claimOf(owner: string, epoch = 1, birth = "birth-1"): RoomClaim {
  return { code, epoch, birth, owner: { id: owner, version: "v1" }, waters: "basin" };
}

function beatOf(id: string): ServerBeat {
  const open = { openRooms: [{ code, players: 2, freeSeats: 30 }], openArenas: [{ code, players: 9, freeSeats: 491 }] };
  const load = { address: "", players: 2, sockets: 0, rooms: 1, arenas: true, ...open };
  return { id: id as ServerId, version: "v1", generation: 1, state: "ready", ...load };
}

function scoreOf(id: string, score: number): HallRecord {
  return { player: id as PlayerId, name: `Name of ${id}`, score, at: "2026-11-22T00:00:00.000Z" };
}

export function describeStore(name: string, harness: StoreHarness): void {
  describe(name, () => {
    let store: ClusterStore;
    const expired = () => harness.pass(CONTRACT_TIMING.leaseMs + 20);

    beforeAll(() => harness.start());
    afterAll(() => harness.stop());
    beforeEach(async () => {
      store = await harness.create();
      return () => store.close();
    });

    describe("registry", () => {
      it("lists a server with its load until its heartbeat runs out", async () => {
        await store.beat(beatOf("a"), []);
        expect(await store.servers()).toEqual([beatOf("a")]);
        await expired();
        expect(await store.servers()).toEqual([]);
      });

      it("lists servers of other versions, which say less of themselves or more", async () => {
        const { address: _, sockets: __, arenas: ___, openArenas: ____, ...older } = beatOf("a");
        await store.beat(older as ServerBeat, []);
        await store.beat({ ...beatOf("b"), mood: "calm" } as ServerBeat, []);
        const listed = (await store.servers()).sort((one, other) => (one.id < other.id ? -1 : 1));
        expect(listed).toEqual([
          { ...beatOf("a"), address: "", sockets: 0, arenas: false, openArenas: [] },
          beatOf("b"),
        ]);
      });

      it("forgets a server that leaves", async () => {
        await store.beat(beatOf("a"), []);
        await store.beat(beatOf("b"), []);
        await store.leave("a" as ServerId);
        expect((await store.servers()).map((server) => server.id)).toEqual(["b"]);
      });
    });

    describe("directory and leases", () => {
      it("knows no room that nobody announced", async () => {
        expect(await store.room(code)).toBeUndefined();
      });

      it("tells the owner, the epoch and the rest of the lease of a room", async () => {
        expect(await store.hold(claimOf("a"))).toEqual({ held: true });
        const record = await store.room(code);
        expect(record).toMatchObject(claimOf("a"));
        expect(record?.leaseLeftMs).toBeGreaterThan(0);
        expect(record?.leaseLeftMs).toBeLessThanOrEqual(CONTRACT_TIMING.leaseMs);
      });

      it("renews every room of a server with its beat and answers in order", async () => {
        const other = { ...claimOf("b"), code: "WXYZ" as RoomCode };
        await store.hold(other);
        const answers = await store.beat(beatOf("a"), [claimOf("a"), { ...other, owner: { id: "a", version: "v1" } }]);
        expect(answers).toMatchObject([{ held: true }, { held: false, holder: { owner: { id: "b" }, epoch: 1 } }]);
      });

      it("refuses a code that another room has, whatever its epoch", async () => {
        await store.hold(claimOf("a"));
        const answer = await store.hold(claimOf("b", 7, "birth-2"));
        expect(answer).toMatchObject({ held: false, holder: { birth: "birth-1", epoch: 1 } });
      });

      it("refuses the same epoch to another server", async () => {
        await store.hold(claimOf("a"));
        expect(await store.hold(claimOf("b"))).toMatchObject({ held: false, holder: { owner: { id: "a" } } });
      });

      it("never lowers an epoch", async () => {
        await store.hold(claimOf("b", 2));
        expect(await store.hold(claimOf("a", 1))).toMatchObject({ held: false, holder: { epoch: 2 } });
        expect((await store.room(code))?.owner.id).toBe("b");
      });

      it("lets a higher epoch of the same room correct the directory", async () => {
        await store.hold(claimOf("a", 1));
        expect(await store.hold(claimOf("b", 2))).toEqual({ held: true });
        expect(await store.room(code)).toMatchObject({ epoch: 2, owner: { id: "b" } });
      });

      it("lets an owner renew a lease that ran out unclaimed", async () => {
        await store.hold(claimOf("a"));
        await expired();
        expect((await store.room(code))?.leaseLeftMs).toBeLessThanOrEqual(0);
        expect(await store.hold(claimOf("a"))).toEqual({ held: true });
        expect((await store.room(code))?.leaseLeftMs).toBeGreaterThan(0);
      });

      it("forgets a room that nobody renewed for long", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await harness.pass(CONTRACT_TIMING.roomKeepMs + 20);
        expect(await store.room(code)).toBeUndefined();
      });

      it("drops a room for its owner only", async () => {
        await store.hold(claimOf("a", 2));
        expect(await store.drop(claimOf("b", 2))).toBe(false);
        expect(await store.drop(claimOf("a", 1))).toBe(false);
        expect(await store.drop(claimOf("a", 2))).toBe(true);
        expect(await store.room(code)).toBeUndefined();
      });
    });

    describe("takeover", () => {
      const heir = { id: "b", version: "v2" };

      it("is refused while the owner's heart beats, even when the lease has run out", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await expired();
        await store.beat(beatOf("a"), []);
        expect(await store.takeOver(code, 1, heir)).toEqual({ taken: false, reason: "owner-alive" });
      });

      it("is refused while the lease is held, even when the owner's heart has stopped", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        expect(await store.takeOver(code, 1, heir)).toEqual({ taken: false, reason: "lease-held" });
      });

      it("raises the epoch and hands over the checkpoint byte by byte", async () => {
        await store.hold(claimOf("a", 4));
        await store.saveCheckpoint(claimOf("a", 4), bytes);
        await expired();
        const answer = await store.takeOver(code, 4, heir);
        expect(answer).toEqual({ taken: true, epoch: 5, birth: "birth-1", checkpoint: bytes });
        const record = await store.room(code);
        expect(record).toMatchObject({ owner: heir, epoch: 5, birth: "birth-1" });
        expect(record?.leaseLeftMs).toBeGreaterThan(0);
      });

      it("lets exactly one of several claimants win", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await expired();
        const claimants = ["b", "c", "d", "e"].map((id) => store.takeOver(code, 1, { id, version: "v1" }));
        const answers = await Promise.all(claimants);
        expect(answers.filter((answer) => answer.taken)).toHaveLength(1);
        expect(answers.filter((answer) => !answer.taken && answer.reason === "epoch-moved")).toHaveLength(3);
      });

      it("can be repeated by the winner whose answer was lost", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await expired();
        await store.takeOver(code, 1, heir);
        await store.beat(beatOf("b"), []);
        expect(await store.takeOver(code, 2, heir)).toMatchObject({ taken: true, epoch: 3 });
      });

      it("shuts the former owner out of everything", async () => {
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await expired();
        await store.takeOver(code, 1, heir);
        expect(await store.hold(claimOf("a"))).toMatchObject({ held: false, holder: { owner: heir, epoch: 2 } });
        expect(await store.saveCheckpoint(claimOf("a"), bytes)).toBe(false);
        expect(await store.free(claimOf("a"), bytes)).toBe(false);
        expect(await store.drop(claimOf("a"))).toBe(false);
        expect(await store.recordScore(claimOf("a"), scoreOf("p1", 99))).toBe(false);
        expect(await store.hall()).toEqual([]);
      });

      it("removes a room that left no checkpoint", async () => {
        await store.hold(claimOf("a"));
        await expired();
        expect(await store.takeOver(code, 1, heir)).toEqual({ taken: false, reason: "no-checkpoint" });
        expect(await store.room(code)).toBeUndefined();
      });

      it("of an unknown room is refused", async () => {
        expect(await store.takeOver(code, 1, heir)).toEqual({ taken: false, reason: "unknown" });
      });

      it("needs no waiting when the owner freed the room and left", async () => {
        await store.beat(beatOf("a"), [claimOf("a")]);
        expect(await store.free(claimOf("a"), bytes)).toBe(true);
        const leaseLeftMs = (await store.room(code))?.leaseLeftMs;
        expect(leaseLeftMs).toBeLessThanOrEqual(0);
        expect(leaseLeftMs).toBeGreaterThan(-60_000);
        await store.leave("a" as ServerId);
        expect(await store.takeOver(code, 1, heir)).toMatchObject({ taken: true, epoch: 2, checkpoint: bytes });
      });

      it("gets the newest checkpoint, also one written in an earlier epoch", async () => {
        const newer = Uint8Array.of(7, 7);
        await store.hold(claimOf("a"));
        await store.saveCheckpoint(claimOf("a"), bytes);
        await store.saveCheckpoint(claimOf("a"), newer);
        await expired();
        await store.takeOver(code, 1, heir);
        await expired();
        expect(await store.takeOver(code, 2, { id: "c", version: "v1" })).toMatchObject({
          epoch: 3,
          checkpoint: newer,
        });
      });
    });

    describe("hand-over", () => {
      const heir = { id: "b", version: "v2" };
      const newer = Uint8Array.of(7, 7);

      it("makes the heir the owner in the next epoch, while everybody lives, with this checkpoint", async () => {
        await store.beat(beatOf("a"), [claimOf("a", 4)]);
        await store.beat(beatOf("b"), []);
        await store.saveCheckpoint(claimOf("a", 4), bytes);
        expect(await store.handOver(claimOf("a", 4), heir, newer)).toEqual({ handedOver: true });
        const record = await store.room(code);
        expect(record).toMatchObject({ owner: heir, epoch: 5, birth: "birth-1" });
        expect(record?.leaseLeftMs).toBeGreaterThan(0);
        expect(await store.hold({ ...claimOf("b", 5), owner: heir })).toEqual({ held: true });
        expect(await store.takeOver(code, 5, heir)).toMatchObject({ taken: true, epoch: 6, checkpoint: newer });
      });

      it("shuts the former owner out of everything", async () => {
        await store.hold(claimOf("a"));
        await store.handOver(claimOf("a"), heir, bytes);
        expect(await store.hold(claimOf("a"))).toMatchObject({ held: false, holder: { owner: heir, epoch: 2 } });
        expect(await store.saveCheckpoint(claimOf("a"), newer)).toBe(false);
        expect(await store.free(claimOf("a"), newer)).toBe(false);
        expect(await store.drop(claimOf("a"))).toBe(false);
      });

      it("can be asked again when the answer was lost, and happens once", async () => {
        await store.hold(claimOf("a"));
        await store.handOver(claimOf("a"), heir, bytes);
        expect(await store.handOver(claimOf("a"), heir, newer)).toEqual({ handedOver: true });
        expect(await store.takeOver(code, 2, heir)).toMatchObject({ epoch: 3, checkpoint: bytes });
      });

      it("of a claim that does not stand names who has the room, and changes nothing", async () => {
        await store.hold(claimOf("c", 3));
        await store.saveCheckpoint(claimOf("c", 3), bytes);
        const holder = { owner: { id: "c" }, epoch: 3 };
        expect(await store.handOver(claimOf("a", 2), heir, newer)).toMatchObject({ handedOver: false, holder });
        const otherBirth = { ...claimOf("c", 3), birth: "birth-2" };
        expect(await store.handOver(otherBirth, heir, newer)).toMatchObject({ handedOver: false, holder });
        expect(await store.takeOver(code, 3, claimOf("c").owner)).toMatchObject({ checkpoint: bytes });
      });

      it("of a room that the directory has lost is refused", async () => {
        expect(await store.handOver(claimOf("a"), heir, bytes)).toEqual({ handedOver: false, holder: undefined });
        expect(await store.room(code)).toBeUndefined();
      });
    });

    describeArenas({ store: () => store, expired });

    describe("players and scores", () => {
      it("remembers a player's last room for a while", async () => {
        expect(await store.lastRoom(player)).toBeUndefined();
        await store.rememberRoom(player, code);
        expect(await store.lastRoom(player)).toBe(code);
        await expired();
        expect(await store.lastRoom(player)).toBeUndefined();
      });

      it("keeps each player's best, which never goes back", async () => {
        await store.hold(claimOf("a"));
        expect(await store.recordScore(claimOf("a"), scoreOf("p1", 20))).toBe(true);
        expect(await store.recordScore(claimOf("a"), scoreOf("p1", 10))).toBe(true);
        await store.recordScore(claimOf("a"), scoreOf("p2", 30));
        expect(await store.hall()).toEqual([scoreOf("p2", 30), scoreOf("p1", 20)]);
      });

      it("keeps a score of a room that the directory has lost", async () => {
        expect(await store.recordScore(claimOf("a"), scoreOf("p1", 5))).toBe(true);
        expect(await store.hall()).toEqual([scoreOf("p1", 5)]);
      });

      it("keeps only the best players, however many there are", async () => {
        const scores = Array.from({ length: HALL_OF_FAME_MAX + 5 }, (_, index) => scoreOf(`p${index}`, index + 1));
        await store.mergeScores(scores);
        const hall = await store.hall();
        expect(hall).toHaveLength(HALL_OF_FAME_MAX);
        expect(hall[0]?.score).toBe(HALL_OF_FAME_MAX + 5);
        expect(hall.at(-1)?.score).toBe(6);
      });
    });
  });
}
