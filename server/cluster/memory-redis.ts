// What Redis would hold, in this process's memory and on a clock that is passed in: for tests and for the simulation. Servers reach it
// through a MemoryStore each.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import { HALL_OF_FAME_MAX } from "./limits.ts";
import { readBeat } from "./server-beat.ts";
import type {
  HallRecord,
  HandOverAnswer,
  LeaseAnswer,
  RoomClaim,
  RoomRecord,
  ServerBeat,
  StoreTiming,
  TakeoverAnswer,
} from "./store.ts";
import { HEARTBEAT_EXPIRY_MS, LAST_ROOM_MS, LEASE_MS, ROOM_KEEP_MS } from "./timing.ts";

const TIMING: StoreTiming = {
  leaseMs: LEASE_MS,
  heartbeatExpiryMs: HEARTBEAT_EXPIRY_MS,
  roomKeepMs: ROOM_KEEP_MS,
  lastRoomMs: LAST_ROOM_MS,
};

interface Entry {
  claim: RoomClaim;
  leaseUntilMs: number;
  keptUntilMs: number;
  checkpoint?: { epoch: number; bytes: Uint8Array };
}

/** Each method is what one Lua script does. `wipe` is a restart without persistence. */
export class MemoryRedis {
  readonly #clock: Clock;
  readonly #timing: StoreTiming;
  #rooms = new Map<RoomCode, Entry>();
  #servers = new Map<string, { beat: ServerBeat; untilMs: number }>();
  #lastRooms = new Map<PlayerId, { code: RoomCode; untilMs: number }>();
  #hall = new Map<PlayerId, HallRecord>();

  constructor(clock: Clock, timing: StoreTiming = TIMING) {
    this.#clock = clock;
    this.#timing = timing;
  }

  wipe(): void {
    this.#rooms.clear();
    this.#servers.clear();
    this.#lastRooms.clear();
    this.#hall.clear();
  }

  heartbeat(beat: ServerBeat): void {
    this.#servers.set(beat.id, {
      beat: structuredClone(beat),
      untilMs: this.#clock.now() + this.#timing.heartbeatExpiryMs,
    });
  }

  leave(server: ServerId): void {
    this.#servers.delete(server);
  }

  servers(): ServerBeat[] {
    return [...this.#servers.values()]
      .filter((entry) => entry.untilMs > this.#clock.now())
      .flatMap((entry) => readBeat(entry.beat) ?? []);
  }

  hold(claim: RoomClaim): LeaseAnswer {
    const entry = this.#entry(claim.code);
    if (entry) {
      const known = entry.claim;
      const mine = known.epoch === claim.epoch && known.owner.id === claim.owner.id;
      if (known.birth !== claim.birth || !(mine || known.epoch < claim.epoch)) {
        return { held: false, holder: this.#record(entry) };
      }
    }
    const nowMs = this.#clock.now();
    this.#rooms.set(claim.code, {
      ...entry,
      claim: structuredClone(claim),
      leaseUntilMs: nowMs + this.#timing.leaseMs,
      keptUntilMs: nowMs + this.#timing.roomKeepMs,
    });
    return { held: true };
  }

  room(code: RoomCode): RoomRecord | undefined {
    const entry = this.#entry(code);
    return entry && this.#record(entry);
  }

  takeOver(code: RoomCode, fromEpoch: number, claimant: ServerLabel): TakeoverAnswer {
    const entry = this.#entry(code);
    if (!entry) return { taken: false, reason: "unknown" };
    if (entry.claim.epoch !== fromEpoch) return { taken: false, reason: "epoch-moved" };
    const owner = entry.claim.owner.id;
    if (owner !== claimant.id) {
      if (this.servers().some((server) => server.id === owner)) return { taken: false, reason: "owner-alive" };
      if (entry.leaseUntilMs > this.#clock.now()) return { taken: false, reason: "lease-held" };
    }
    if (!entry.checkpoint) {
      this.#rooms.delete(code);
      return { taken: false, reason: "no-checkpoint" };
    }
    const epoch = fromEpoch + 1;
    this.hold({ ...entry.claim, epoch, owner: claimant });
    return { taken: true, epoch, birth: entry.claim.birth, checkpoint: entry.checkpoint.bytes.slice() };
  }

  handOver(claim: RoomClaim, heir: ServerLabel, checkpoint: Uint8Array): HandOverAnswer {
    const entry = this.#mine(claim);
    const next = { ...claim, ...entry?.claim, epoch: claim.epoch + 1, owner: heir };
    if (entry) {
      entry.checkpoint = { epoch: next.epoch, bytes: checkpoint.slice() };
      this.hold(next);
    } else if (!this.#mine(next)) {
      return { handedOver: false, holder: this.room(claim.code) };
    }
    return { handedOver: true };
  }

  saveCheckpoint(claim: RoomClaim, bytes: Uint8Array): boolean {
    const entry = this.#mine(claim);
    if (!entry) return false;
    entry.checkpoint = { epoch: claim.epoch, bytes: bytes.slice() };
    return true;
  }

  free(claim: RoomClaim, checkpoint: Uint8Array): boolean {
    const entry = this.#mine(claim);
    if (!entry || !this.saveCheckpoint(claim, checkpoint)) return false;
    entry.leaseUntilMs = this.#clock.now();
    entry.keptUntilMs = this.#clock.now() + this.#timing.roomKeepMs;
    return true;
  }

  drop(claim: RoomClaim): boolean {
    return this.#mine(claim) !== undefined && this.#rooms.delete(claim.code);
  }

  rememberRoom(player: PlayerId, code: RoomCode): void {
    this.#lastRooms.set(player, { code, untilMs: this.#clock.now() + this.#timing.lastRoomMs });
  }

  lastRoom(player: PlayerId): RoomCode | undefined {
    const entry = this.#lastRooms.get(player);
    return entry && entry.untilMs > this.#clock.now() ? entry.code : undefined;
  }

  recordScore(claim: RoomClaim, score: HallRecord): boolean {
    const entry = this.#entry(claim.code);
    if (entry && entry.claim.epoch > claim.epoch) return false;
    this.mergeScores([score]);
    return true;
  }

  mergeScores(scores: readonly HallRecord[]): void {
    for (const score of scores) {
      const best = this.#hall.get(score.player);
      if (!best || best.score < score.score) this.#hall.set(score.player, { ...score });
    }
    for (const { player } of this.hall().slice(HALL_OF_FAME_MAX)) this.#hall.delete(player);
  }

  hall(): HallRecord[] {
    return [...this.#hall.values()].sort((a, b) => b.score - a.score || (a.player < b.player ? 1 : -1));
  }

  #entry(code: RoomCode): Entry | undefined {
    const entry = this.#rooms.get(code);
    if (entry && entry.keptUntilMs <= this.#clock.now()) {
      this.#rooms.delete(code);
      return undefined;
    }
    return entry;
  }

  #mine({ code, epoch, owner, birth }: RoomClaim): Entry | undefined {
    const entry = this.#entry(code);
    const known = entry?.claim;
    return known?.epoch === epoch && known.owner.id === owner.id && known.birth === birth ? entry : undefined;
  }

  #record(entry: Entry): RoomRecord {
    return { ...structuredClone(entry.claim), leaseLeftMs: entry.leaseUntilMs - this.#clock.now() };
  }
}
