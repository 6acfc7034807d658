// What every ClusterStore must do with the lease of an arena, as tests that run on each of them.

import { describe, expect, it } from "vitest";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import type { ClusterStore, RoomClaim } from "./store.ts";

const code = "ARNA" as RoomCode;
const bytes = Uint8Array.of(0x78, 0, 255);
const claim: RoomClaim = { code, epoch: 1, birth: "a/1", owner: { id: "a", version: "v1" }, waters: "arena" };
const heir = { id: "b", version: "v1" };

export function describeArenas(given: { store: () => ClusterStore; expired: () => Promise<void> }): void {
  const { store, expired } = given;

  describe("arenas", () => {
    it("are told from basins, whoever owns them", async () => {
      await store().hold(claim);
      await store().saveCheckpoint(claim, bytes);
      expect(await store().room(code)).toMatchObject(claim);
      await store().handOver(claim, heir, bytes);
      expect(await store().room(code)).toMatchObject({ epoch: 2, owner: heir, waters: "arena" });
      await expired();
      expect(await store().takeOver(code, 2, { id: "c", version: "v1" })).toMatchObject({ taken: true });
      expect(await store().room(code)).toMatchObject({ epoch: 3, owner: { id: "c" }, waters: "arena" });
    });

    it("have leases that run out like those of basins", async () => {
      await store().hold(claim);
      await store().saveCheckpoint(claim, bytes);
      const left = (await store().room(code))!.leaseLeftMs;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(60_000);
      expect(await store().takeOver(code, 1, heir)).toEqual({ taken: false, reason: "lease-held" });
      await expired();
      expect((await store().room(code))!.leaseLeftMs).toBeLessThanOrEqual(0);
      expect(await store().takeOver(code, 1, heir)).toMatchObject({ taken: true, epoch: 2, checkpoint: bytes });
      expect((await store().room(code))!.leaseLeftMs).toBeLessThan(60_000);
    });

    it("are taken over at once when their owner freed them and left", async () => {
      await store().hold(claim);
      await store().free(claim, bytes);
      await store().leave("a" as ServerId);
      expect((await store().room(code))!.leaseLeftMs).toBeLessThanOrEqual(0);
      expect(await store().takeOver(code, 1, heir)).toMatchObject({ taken: true, epoch: 2 });
    });

    it("refuse their codes to basins", async () => {
      await store().hold(claim);
      const basin: RoomClaim = { ...claim, birth: "b/1", owner: heir, waters: "basin" };
      expect(await store().hold(basin)).toMatchObject({ held: false, holder: { birth: "a/1", waters: "arena" } });
    });
  });
}
