// The store in Redis: one Lua script for each operation about a room (lua.ts), so that comparing an epoch and writing is one step.

import type { ChainableCommander, Redis } from "ioredis";
import type { ServerLabel } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import { ClusterUnavailable } from "./cluster.ts";
import { HALL_OF_FAME_MAX } from "./limits.ts";
import type { ScriptName } from "./lua.ts";
import { readBeat } from "./server-beat.ts";
import type {
  ClusterStore,
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

type Argument = string | number | Buffer;
/** Commands that createRedisClient defined from SCRIPTS; with "Buffer" appended, they answer bytes. */
type Scripts = Record<ScriptName | `${ScriptName}Buffer`, (...args: Argument[]) => Promise<unknown>>;

/** [0, epoch, owner, version, birth, milliseconds left, waters] */
type HolderReply = [0 | 1, ...string[]];

export interface RedisStoreOptions extends Partial<StoreTiming> {
  /** Before every key. */
  prefix?: string;
}

export class RedisStore implements ClusterStore {
  readonly #redis: Redis;
  readonly #scripts: Scripts;
  readonly #prefix: string;
  readonly #timing: StoreTiming;

  /** `redis` comes from createRedisClient; the store ends it. */
  constructor(redis: Redis, options: RedisStoreOptions = {}) {
    this.#redis = redis;
    this.#scripts = redis as unknown as Scripts;
    this.#prefix = options.prefix ?? "tidegate:";
    this.#timing = {
      leaseMs: options.leaseMs ?? LEASE_MS,
      heartbeatExpiryMs: options.heartbeatExpiryMs ?? HEARTBEAT_EXPIRY_MS,
      roomKeepMs: options.roomKeepMs ?? ROOM_KEEP_MS,
      lastRoomMs: options.lastRoomMs ?? LAST_ROOM_MS,
    };
  }

  async beat(server: ServerBeat, claims: readonly RoomClaim[]): Promise<LeaseAnswer[]> {
    const pipeline = this.#redis.pipeline() as ChainableCommander & Scripts;
    pipeline.tideHeartbeat(...this.#serverKeys(), server.id, JSON.stringify(server), this.#timing.heartbeatExpiryMs);
    for (const claim of claims) pipeline.tideHold(...this.#holdArguments(claim));
    const replies = (await asked(pipeline.exec())) ?? [];
    const failure = replies.find(([error]) => error)?.[0];
    if (failure || replies.length !== claims.length + 1) throw unavailable(failure);
    return replies.slice(1).map(([, reply], index) => leaseAnswer(claims[index]!.code, reply as HolderReply));
  }

  async hold(claim: RoomClaim): Promise<LeaseAnswer> {
    const reply = await asked(this.#scripts.tideHold(...this.#holdArguments(claim)));
    return leaseAnswer(claim.code, reply as HolderReply);
  }

  async leave(server: ServerId): Promise<void> {
    await asked(this.#scripts.tideLeave(...this.#serverKeys(), server));
  }

  async servers(): Promise<ServerBeat[]> {
    const reply = (await asked(this.#scripts.tideServers(...this.#serverKeys()))) as (string | null)[];
    return reply.flatMap((json) => (json === null ? [] : (parseBeat(json) ?? [])));
  }

  async room(code: RoomCode): Promise<RoomRecord | undefined> {
    const reply = (await asked(this.#scripts.tideRoom(this.#roomKeys(code)[0]))) as HolderReply | null;
    return reply ? roomRecord(code, reply) : undefined;
  }

  async takeOver(code: RoomCode, fromEpoch: number, claimant: ServerLabel): Promise<TakeoverAnswer> {
    // Whether the owner lives is asked first and not in the same step, since its key is on another shard. If its heart beats again in
    // between, its lease decides: either it renewed in time and the script refuses, or it hears that it lost.
    const record = await this.room(code);
    if (!record) return { taken: false, reason: "unknown" };
    if (record.epoch !== fromEpoch) return { taken: false, reason: "epoch-moved" };
    if (record.owner.id !== claimant.id) {
      const alive = await asked(this.#scripts.tideAlive(...this.#serverKeys(), record.owner.id));
      if (alive === 1) return { taken: false, reason: "owner-alive" };
    }
    const reply = (await asked(
      this.#scripts.tideTakeOverBuffer(
        ...this.#roomKeys(code),
        fromEpoch,
        claimant.id,
        claimant.version,
        this.#timing.leaseMs,
        this.#timing.roomKeepMs,
      ),
    )) as [Buffer, Buffer, Buffer];
    const word = reply[0].toString();
    if (word !== "taken") {
      return { taken: false, reason: word as Exclude<TakeoverAnswer, { taken: true }>["reason"] };
    }
    return { taken: true, epoch: fromEpoch + 1, birth: reply[1].toString(), checkpoint: new Uint8Array(reply[2]) };
  }

  async handOver(claim: RoomClaim, heir: ServerLabel, checkpoint: Uint8Array): Promise<HandOverAnswer> {
    const { leaseMs, roomKeepMs } = this.#timing;
    const args = [...this.#mine(claim), heir.id, heir.version, leaseMs, roomKeepMs, buffer(checkpoint)];
    const reply = (await asked(this.#scripts.tideHandOver(...args))) as HolderReply | null;
    if (reply?.[0] === 1) return { handedOver: true };
    return { handedOver: false, holder: reply ? roomRecord(claim.code, reply) : undefined };
  }

  async saveCheckpoint(claim: RoomClaim, bytes: Uint8Array): Promise<boolean> {
    return (
      (await asked(this.#scripts.tideSaveCheckpoint(...this.#mine(claim), this.#timing.roomKeepMs, buffer(bytes)))) ===
      1
    );
  }

  async free(claim: RoomClaim, checkpoint: Uint8Array): Promise<boolean> {
    return (
      (await asked(this.#scripts.tideFree(...this.#mine(claim), this.#timing.roomKeepMs, buffer(checkpoint)))) === 1
    );
  }

  async drop(claim: RoomClaim): Promise<boolean> {
    return (await asked(this.#scripts.tideDrop(...this.#mine(claim)))) === 1;
  }

  async rememberRoom(player: PlayerId, code: RoomCode): Promise<void> {
    await asked(this.#redis.set(this.#playerKey(player), code, "PX", this.#timing.lastRoomMs));
  }

  async lastRoom(player: PlayerId): Promise<RoomCode | undefined> {
    return ((await asked(this.#redis.get(this.#playerKey(player)))) ?? undefined) as RoomCode | undefined;
  }

  async recordScore(claim: RoomClaim, score: HallRecord): Promise<boolean> {
    // The fence and the hall are on different shards, so not one step. If the epoch moves in between, a score that was
    // earned under the old epoch is kept, and since a best only grows, nothing is lost.
    const record = await this.room(claim.code);
    if (record && record.epoch > claim.epoch) return false;
    await this.mergeScores([score]);
    return true;
  }

  async mergeScores(scores: readonly HallRecord[]): Promise<void> {
    if (scores.length === 0) return;
    const triplets = scores.flatMap(({ player, score, name, at }) => [player, score, JSON.stringify({ name, at })]);
    await asked(this.#scripts.tideMergeScores(...this.#hallKeys(), HALL_OF_FAME_MAX, ...triplets));
  }

  async hall(): Promise<HallRecord[]> {
    const flat = (await asked(this.#scripts.tideHall(...this.#hallKeys()))) as string[];
    const records: HallRecord[] = [];
    for (let at = 0; at + 2 < flat.length; at += 3) {
      const entry = JSON.parse(flat[at + 2]!) as { name: string; at: string };
      records.push({ player: flat[at] as PlayerId, score: Number(flat[at + 1]), name: entry.name, at: entry.at });
    }
    return records;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  #roomKeys(code: RoomCode): [string, string] {
    return [`${this.#prefix}{${code}}:room`, `${this.#prefix}{${code}}:checkpoint`];
  }

  #serverKeys(): [string, string] {
    return [`${this.#prefix}{servers}:until`, `${this.#prefix}{servers}:records`];
  }

  #hallKeys(): [string, string] {
    return [`${this.#prefix}{hall}:scores`, `${this.#prefix}{hall}:entries`];
  }

  #playerKey(player: PlayerId): string {
    return `${this.#prefix}player:{${player}}`;
  }

  #holdArguments({ code, epoch, owner, birth, waters }: RoomClaim): Argument[] {
    const { leaseMs, roomKeepMs } = this.#timing;
    return [...this.#roomKeys(code), epoch, owner.id, owner.version, birth, leaseMs, roomKeepMs, waters];
  }

  #mine({ code, epoch, owner, birth }: RoomClaim): Argument[] {
    return [...this.#roomKeys(code), epoch, owner.id, birth];
  }
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function parseBeat(json: string): ServerBeat | undefined {
  try {
    return readBeat(JSON.parse(json));
  } catch {
    return undefined; // not written by any version of ours
  }
}

function roomRecord(code: RoomCode, [, epoch, owner, version, birth, leftMs, waters]: HolderReply): RoomRecord {
  return {
    code,
    epoch: Number(epoch),
    owner: { id: owner!, version: version! },
    birth: birth!,
    waters: waters === "arena" ? "arena" : "basin",
    leaseLeftMs: Number(leftMs),
  };
}

function leaseAnswer(code: RoomCode, reply: HolderReply): LeaseAnswer {
  return reply[0] === 1 ? { held: true } : { held: false, holder: roomRecord(code, reply) };
}

async function asked<Answer>(reply: Promise<Answer>): Promise<Answer> {
  try {
    return await reply;
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): ClusterUnavailable {
  const reason = cause instanceof Error ? cause.message : "no reply";
  return new ClusterUnavailable(`cannot ask Redis: ${reason}`, { cause });
}
