// What every ClusterStore must do when a room gets another owner, as tests that run on each of them: a takeover from one
// that is dead, a hand-over by one that lives.

import { describe, expect, it } from "vitest";
import type { ServerId } from "../room/room-port.ts";
import type { ClusterStore } from "./store.ts";
import { beatOf, bytes, claimOf, code, scoreOf } from "./store-records-for-tests.ts";

export function describeChangesOfOwner(given: { store: () => ClusterStore; expired: () => Promise<void> }): void {
  const { store, expired } = given;

  describe("takeover", () => {
    const heir = { id: "b", version: "v2" };

    it("is refused while the owner's heart beats, even when the lease has run out", async () => {
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      await expired();
      await store().beat(beatOf("a"), []);
      expect(await store().takeOver(code, 1, heir)).toEqual({ taken: false, reason: "owner-alive" });
    });

    it("is refused while the lease is held, even when the owner's heart has stopped", async () => {
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      expect(await store().takeOver(code, 1, heir)).toEqual({ taken: false, reason: "lease-held" });
    });

    it("raises the epoch and hands over the checkpoint byte by byte", async () => {
      await store().hold(claimOf("a", 4));
      await store().saveCheckpoint(claimOf("a", 4), bytes);
      await expired();
      const answer = await store().takeOver(code, 4, heir);
      expect(answer).toEqual({ taken: true, epoch: 5, birth: "birth-1", checkpoint: bytes });
      const record = await store().room(code);
      expect(record).toMatchObject({ owner: heir, epoch: 5, birth: "birth-1" });
      expect(record?.leaseLeftMs).toBeGreaterThan(0);
    });

    it("lets exactly one of several claimants win", async () => {
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      await expired();
      const claimants = ["b", "c", "d", "e"].map((id) => store().takeOver(code, 1, { id, version: "v1" }));
      const answers = await Promise.all(claimants);
      expect(answers.filter((answer) => answer.taken)).toHaveLength(1);
      expect(answers.filter((answer) => !answer.taken && answer.reason === "epoch-moved")).toHaveLength(3);
    });

    it("can be repeated by the winner whose answer was lost", async () => {
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      await expired();
      await store().takeOver(code, 1, heir);
      await store().beat(beatOf("b"), []);
      expect(await store().takeOver(code, 2, heir)).toMatchObject({ taken: true, epoch: 3 });
    });

    it("shuts the former owner out of everything", async () => {
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      await expired();
      await store().takeOver(code, 1, heir);
      expect(await store().hold(claimOf("a"))).toMatchObject({ held: false, holder: { owner: heir, epoch: 2 } });
      expect(await store().saveCheckpoint(claimOf("a"), bytes)).toBe(false);
      expect(await store().free(claimOf("a"), bytes)).toBe(false);
      expect(await store().drop(claimOf("a"))).toBe(false);
      expect(await store().recordScore(claimOf("a"), scoreOf("p1", 99))).toBe(false);
      expect(await store().hall()).toEqual([]);
    });

    it("removes a room that left no checkpoint", async () => {
      await store().hold(claimOf("a"));
      await expired();
      expect(await store().takeOver(code, 1, heir)).toEqual({ taken: false, reason: "no-checkpoint" });
      expect(await store().room(code)).toBeUndefined();
    });

    it("of an unknown room is refused", async () => {
      expect(await store().takeOver(code, 1, heir)).toEqual({ taken: false, reason: "unknown" });
    });

    it("needs no waiting when the owner freed the room and left", async () => {
      await store().beat(beatOf("a"), [claimOf("a")]);
      expect(await store().free(claimOf("a"), bytes)).toBe(true);
      const leaseLeftMs = (await store().room(code))?.leaseLeftMs;
      expect(leaseLeftMs).toBeLessThanOrEqual(0);
      expect(leaseLeftMs).toBeGreaterThan(-60_000);
      await store().leave("a" as ServerId);
      expect(await store().takeOver(code, 1, heir)).toMatchObject({ taken: true, epoch: 2, checkpoint: bytes });
    });

    it("gets the newest checkpoint, also one written in an earlier epoch", async () => {
      const newer = Uint8Array.of(7, 7);
      await store().hold(claimOf("a"));
      await store().saveCheckpoint(claimOf("a"), bytes);
      await store().saveCheckpoint(claimOf("a"), newer);
      await expired();
      await store().takeOver(code, 1, heir);
      await expired();
      expect(await store().takeOver(code, 2, { id: "c", version: "v1" })).toMatchObject({
        epoch: 3,
        checkpoint: newer,
      });
    });
  });

  describe("hand-over", () => {
    const heir = { id: "b", version: "v2" };
    const newer = Uint8Array.of(7, 7);

    it("makes the heir the owner in the next epoch, while everybody lives, with this checkpoint", async () => {
      await store().beat(beatOf("a"), [claimOf("a", 4)]);
      await store().beat(beatOf("b"), []);
      await store().saveCheckpoint(claimOf("a", 4), bytes);
      expect(await store().handOver(claimOf("a", 4), heir, newer)).toEqual({ handedOver: true });
      const record = await store().room(code);
      expect(record).toMatchObject({ owner: heir, epoch: 5, birth: "birth-1" });
      expect(record?.leaseLeftMs).toBeGreaterThan(0);
      expect(await store().hold({ ...claimOf("b", 5), owner: heir })).toEqual({ held: true });
      expect(await store().takeOver(code, 5, heir)).toMatchObject({ taken: true, epoch: 6, checkpoint: newer });
    });

    it("shuts the former owner out of everything", async () => {
      await store().hold(claimOf("a"));
      await store().handOver(claimOf("a"), heir, bytes);
      expect(await store().hold(claimOf("a"))).toMatchObject({ held: false, holder: { owner: heir, epoch: 2 } });
      expect(await store().saveCheckpoint(claimOf("a"), newer)).toBe(false);
      expect(await store().free(claimOf("a"), newer)).toBe(false);
      expect(await store().drop(claimOf("a"))).toBe(false);
    });

    it("can be asked again when the answer was lost, and happens once", async () => {
      await store().hold(claimOf("a"));
      await store().handOver(claimOf("a"), heir, bytes);
      expect(await store().handOver(claimOf("a"), heir, newer)).toEqual({ handedOver: true });
      expect(await store().takeOver(code, 2, heir)).toMatchObject({ epoch: 3, checkpoint: bytes });
    });

    it("of a claim that does not stand names who has the room, and changes nothing", async () => {
      await store().hold(claimOf("c", 3));
      await store().saveCheckpoint(claimOf("c", 3), bytes);
      const holder = { owner: { id: "c" }, epoch: 3 };
      expect(await store().handOver(claimOf("a", 2), heir, newer)).toMatchObject({ handedOver: false, holder });
      const otherBirth = { ...claimOf("c", 3), birth: "birth-2" };
      expect(await store().handOver(otherBirth, heir, newer)).toMatchObject({ handedOver: false, holder });
      expect(await store().takeOver(code, 3, claimOf("c").owner)).toMatchObject({ checkpoint: bytes });
    });

    it("of a room that the directory has lost is refused", async () => {
      expect(await store().handOver(claimOf("a"), heir, bytes)).toEqual({ handedOver: false, holder: undefined });
      expect(await store().room(code)).toBeUndefined();
    });
  });
}
