// One server's way to a MemoryRedis: a link that can be cut, slowed and healed at any time, with the failures that a network has.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import { ClusterUnavailable } from "./cluster.ts";
import { MemoryLane } from "./memory-lane.ts";
import type { MemoryRedis } from "./memory-redis.ts";
import type {
  ClusterStore,
  HallRecord,
  HandOverAnswer,
  LeaseAnswer,
  RoomClaim,
  RoomRecord,
  ServerBeat,
  TakeoverAnswer,
} from "./store.ts";
import { COMMAND_TIMEOUT_MS } from "./timing.ts";

/**
 * "refused": commands fail at once, as without a listener. "silent": they never arrive, as behind a dropped route. "mute": they are run and
 * the answers never arrive. "stalled": they wait on the way, and are run when the link is up again, although nobody waits any more.
 */
export type LinkState = "up" | "refused" | "silent" | "mute" | "stalled";

export class MemoryStore implements ClusterStore {
  readonly #clock: Clock;
  readonly #redis: MemoryRedis;
  readonly #commands: MemoryLane;
  readonly #answers: MemoryLane;
  #link: LinkState = "up";
  /** One way, milliseconds; may be changed at any time. */
  delayMs = 0;

  constructor(clock: Clock, redis: MemoryRedis) {
    this.#clock = clock;
    this.#redis = redis;
    this.#commands = new MemoryLane(clock);
    this.#answers = new MemoryLane(clock);
  }

  get link(): LinkState {
    return this.#link;
  }
  /** May be changed at any time. */
  set link(link: LinkState) {
    this.#link = link;
    this.#commands.stalled = link === "stalled";
    this.#answers.stalled = link === "stalled";
  }

  beat(server: ServerBeat, claims: readonly RoomClaim[]): Promise<LeaseAnswer[]> {
    const sent = structuredClone({ server, claims });
    return this.#ask((redis) => {
      redis.heartbeat(sent.server);
      return sent.claims.map((claim) => redis.hold(claim));
    });
  }
  hold(claim: RoomClaim): Promise<LeaseAnswer> {
    return this.#ask((redis) => redis.hold(claim));
  }
  leave(server: ServerId): Promise<void> {
    return this.#ask((redis) => redis.leave(server));
  }
  servers(): Promise<ServerBeat[]> {
    return this.#ask((redis) => redis.servers());
  }
  room(code: RoomCode): Promise<RoomRecord | undefined> {
    return this.#ask((redis) => redis.room(code));
  }
  takeOver(code: RoomCode, fromEpoch: number, claimant: ServerLabel): Promise<TakeoverAnswer> {
    return this.#ask((redis) => redis.takeOver(code, fromEpoch, claimant));
  }
  handOver(claim: RoomClaim, heir: ServerLabel, checkpoint: Uint8Array): Promise<HandOverAnswer> {
    return this.#ask((redis) => redis.handOver(claim, heir, checkpoint));
  }
  saveCheckpoint(claim: RoomClaim, bytes: Uint8Array): Promise<boolean> {
    return this.#ask((redis) => redis.saveCheckpoint(claim, bytes));
  }
  free(claim: RoomClaim, checkpoint: Uint8Array): Promise<boolean> {
    return this.#ask((redis) => redis.free(claim, checkpoint));
  }
  drop(claim: RoomClaim): Promise<boolean> {
    return this.#ask((redis) => redis.drop(claim));
  }
  rememberRoom(player: PlayerId, code: RoomCode): Promise<void> {
    return this.#ask((redis) => redis.rememberRoom(player, code));
  }
  lastRoom(player: PlayerId): Promise<RoomCode | undefined> {
    return this.#ask((redis) => redis.lastRoom(player));
  }
  recordScore(claim: RoomClaim, score: HallRecord): Promise<boolean> {
    return this.#ask((redis) => redis.recordScore(claim, score));
  }
  mergeScores(scores: readonly HallRecord[]): Promise<void> {
    return this.#ask((redis) => redis.mergeScores(scores));
  }
  hall(): Promise<HallRecord[]> {
    return this.#ask((redis) => redis.hall());
  }
  async close(): Promise<void> {
    this.link = "refused";
  }

  /** Runs the command when it arrives and answers when the answer has come back; fails as a network would. */
  #ask<Answer>(command: (redis: MemoryRedis) => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new ClusterUnavailable(`cannot ask the store: ${reason}`));
      if (this.#link === "refused") return fail("connection refused");
      const stopWaiting = this.#clock.after(COMMAND_TIMEOUT_MS, () => fail("no answer in time"));
      const isLost = () => this.#link === "refused" || this.#link === "silent";
      this.#commands.send(this.delayMs, () => {
        if (isLost()) return;
        const value = command(this.#redis);
        this.#answers.send(this.delayMs, () => {
          if (isLost() || this.#link === "mute") return;
          stopWaiting();
          resolve(value);
        });
      });
    });
  }
}
