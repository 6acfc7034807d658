// What every ClusterStore must do, as tests that run on each of them.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { describeArenas } from "./arena-contract.ts";
import { describeChangesOfOwner } from "./change-of-owner-contract.ts";
import { HALL_OF_FAME_MAX } from "./limits.ts";
import type { ClusterStore, ServerBeat, StoreTiming } from "./store.ts";
import { beatOf, bytes, claimOf, code, player, scoreOf } from "./store-records-for-tests.ts";

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

    describeChangesOfOwner({ store: () => store, expired });
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
