// How a server gives a room away: asks the heir, stops the room between two ticks, hands it over in the directory, and sends it. Decides
// nothing about who goes or who inherits.
//
//   here            prepare ->  <- prepared    tick T  seal   hand over      resume ->
//   ─────────────────────────────────────────────┼──────────────┼──────────────┼──────  remote from here
//   the heir                                                                      tick T + 1
//
// Before the hand-over nothing has happened. After it the heir is the owner, whatever becomes of the message. While nobody can know, the
// room stands still here, and Redis is asked until it answers or SEALED_MAX_MS have passed; then the room goes on here. Should the hand-over
// be executed after that, the next beat says so, and what the room has become meanwhile goes to the heir.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { RoomCode, RoomHost, SealedRoom, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { downChannel } from "./channels.ts";
import type { HandOff } from "./cluster.ts";
import type { InboxMessage } from "./inbox-envelope.ts";
import type { ClusterStore, HandOverAnswer, RoomClaim, RoomRecord } from "./store.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";
import { HAND_OVER_RETRY_MS, PREPARE_LIMIT_MS, SEALED_MAX_MS } from "./timing.ts";

/** What a hand-off may do with the rooms of its server. */
export interface Estate {
  claimOf(code: RoomCode): RoomClaim | undefined;
  /** Nothing is asked of the room any more, and nothing said of it. */
  suspend(claim: RoomClaim): void;
  /** Everything is as before `suspend`. */
  goOn(claim: RoomClaim): void;
  /** The room is that server's now. */
  release(claim: RoomClaim, owner: ServerLabel, epoch: number): void;
  /** Nobody is in the room: it is over. */
  discard(claim: RoomClaim): void;
}

export interface HandOffsDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly bus: Bus;
  readonly host: RoomHost;
  readonly self: ServerLabel & { id: ServerId };
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
  readonly estate: Estate;
  readonly send: (to: ServerId, message: InboxMessage) => void;
}

interface Heir {
  readonly label: ServerLabel & { id: ServerId };
  /** One way, as measured, milliseconds. */
  readonly transitMs: number;
}

export class HandOffs {
  readonly #deps: HandOffsDependencies;
  readonly #running = new Map<RoomCode, Promise<HandOff>>();
  readonly #questions = new Map<number, (heir: ServerLabel | undefined) => void>();
  /** To whom a room may have gone without anybody here knowing. */
  readonly #doubts = new WeakMap<RoomClaim, Heir>();
  #asked = 0;

  constructor(deps: HandOffsDependencies) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async handOff(code: RoomCode, heir: ServerId): Promise<HandOff> {
    const { host, estate, self } = this.#deps;
    const claim = estate.claimOf(code);
    const room = host.get(code);
    if (!claim || !room || this.#running.has(code)) return "not-here";
    if (heir === self.id) return "refused";
    if (room.players === 0) {
      estate.discard(claim);
      return "not-here";
    }
    const running = this.#handOff(claim, heir).finally(() => this.#running.delete(code));
    this.#running.set(code, running);
    return running;
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** The heir's answer to "prepare". */
  answered({ request, willing, from }: Extract<InboxMessage, { kind: "prepared" }>): void {
    this.#questions.get(request)?.(willing ? from : undefined);
  }

  /** Just before a room of this server is given up to `holder`: if that is an heir who may not know it, the room goes there as it is. */
  concede(claim: RoomClaim, holder: RoomRecord): void {
    const heir = this.#doubts.get(claim);
    if (!heir || holder.owner.id !== heir.label.id || holder.epoch !== claim.epoch + 1) return;
    try {
      const checkpoint = this.#deps.host.get(claim.code)?.checkpoint();
      if (checkpoint) this.#resume(claim, heir, checkpoint, 0);
    } catch (error) {
      // The room is given up all the same: the heir has what it was at the seal.
      this.#deps.log.error({ room: claim.code, err: error }, "a room could not be sent to its heir");
    }
  }

  async #handOff(claim: RoomClaim, heirId: ServerId): Promise<HandOff> {
    const { clock, bus, log, metrics } = this.#deps;
    const startedMs = clock.now();
    let sealedMs: number | undefined;
    let preparedMs = startedMs;
    // Before the heir's first frame, so that players here miss nothing of it.
    const listening = bus.subscribe(downChannel(claim.code), () => {});
    const run = async (): Promise<HandOff> => {
      const heir = await this.#prepare(claim, heirId, listening);
      preparedMs = clock.now();
      if (!heir) return "refused";
      const sealed = await this.#deps.host.seal(claim.code);
      if (!sealed) return "not-here";
      const sealedAtMs = clock.now();
      const outcome = await this.#settle(claim, heir, sealed);
      sealedMs = clock.now() - sealedAtMs;
      return outcome;
    };
    const outcome = await run().catch((error): HandOff => {
      log.error({ room: claim.code, heir: heirId, err: error }, "a hand-off had a fault");
      return "failed";
    });
    void listening.then((endListening) => endListening());
    metrics.handOff(outcome, preparedMs - startedMs, sealedMs);
    log.info({ room: claim.code, heir: heirId, outcome, sealedMs }, "offered a room to another server");
    return outcome;
  }

  /** The heir, once it is ready and Redis answers, and as long as both are quick. */
  async #prepare(claim: RoomClaim, heir: ServerId, listening: Promise<unknown>): Promise<Heir | undefined> {
    const { clock, store, bus } = this.#deps;
    const startedMs = clock.now();
    let transitMs = 0;
    const label = this.#ask(claim, heir).then((answer) => {
      transitMs = (clock.now() - startedMs) / 2;
      return answer;
    });
    const isOurs = store.room(claim.code).then(
      (record) => record?.epoch === claim.epoch && record.owner.id === claim.owner.id && record.birth === claim.birth,
      // Redis does not answer: it could not hand over either.
      () => false,
    );
    const [answer, ours] = await Promise.all([label, within(clock, PREPARE_LIMIT_MS, isOurs), listening]);
    const isQuick = clock.now() - startedMs <= PREPARE_LIMIT_MS;
    return answer && ours && isQuick && bus.connected
      ? { label: { id: heir, version: answer.version }, transitMs }
      : undefined;
  }

  #ask({ code, birth, epoch, waters }: RoomClaim, heir: ServerId): Promise<ServerLabel | undefined> {
    const { clock, self, send } = this.#deps;
    const request = ++this.#asked;
    const answer = new Promise<ServerLabel | undefined>((resolve) => this.#questions.set(request, resolve));
    send(heir, { kind: "prepare", from: self.id, request, code, birth, epoch: epoch + 1, waters });
    return within(clock, PREPARE_LIMIT_MS, answer).finally(() => this.#questions.delete(request));
  }

  async #settle(claim: RoomClaim, heir: Heir, sealed: SealedRoom): Promise<HandOff> {
    const { host, estate, log } = this.#deps;
    const { code, epoch } = claim;
    estate.suspend(claim);
    let checkpoint: Uint8Array;
    try {
      checkpoint = host.get(code)!.checkpoint();
    } catch (error) {
      log.error({ room: code, err: error }, "a room has no checkpoint to be handed over with");
      estate.goOn(claim);
      return "failed";
    }
    const answer = await this.#handOver(claim, heir.label, checkpoint);
    if (answer?.handedOver) {
      this.#resume(claim, heir, checkpoint, sealed.dueInMs() - heir.transitMs);
      estate.release(claim, heir.label, epoch + 1);
      return "handed-off";
    }
    const holder = answer?.holder;
    if (holder && holder.birth === claim.birth && holder.epoch > epoch) {
      // The heir looked before the answer came, and has taken the room already; or the room was lost before the seal.
      estate.release(claim, holder.owner, holder.epoch);
      return holder.owner.id === heir.label.id ? "handed-off" : "not-here";
    }
    this.#doubts.set(claim, heir);
    estate.goOn(claim);
    return "failed";
  }

  /** Asks until there is an answer; nothing when there was none for too long. */
  #handOver(claim: RoomClaim, heir: ServerLabel, checkpoint: Uint8Array): Promise<HandOverAnswer | undefined> {
    const { clock, store } = this.#deps;
    return new Promise((resolve) => {
      let stopAsking: () => void = () => {};
      const settle = (answer: HandOverAnswer | undefined) => {
        stopAsking();
        stopWaiting();
        resolve(answer);
      };
      const stopWaiting = clock.after(SEALED_MAX_MS, () => settle(undefined));
      const ask = () => {
        stopAsking = clock.after(HAND_OVER_RETRY_MS, ask);
        // A failure is no answer: the next attempt asks again.
        store.handOver(claim, heir, checkpoint).then(settle, () => {});
      };
      ask();
    });
  }

  #resume({ code, birth, epoch, waters }: RoomClaim, heir: Heir, checkpoint: Uint8Array, dueInMs: number): void {
    const { self, send } = this.#deps;
    const from = { id: self.id, version: self.version };
    send(heir.label.id, { kind: "resume", from, dueInMs, checkpoint, code, birth, epoch: epoch + 1, waters });
  }
}

/** What the promise resolves to, or nothing after that time. */
async function within<Value>(clock: Clock, limitMs: number, promise: Promise<Value>): Promise<Value | undefined> {
  let stopWaiting: () => void = () => {};
  const late = new Promise<undefined>((resolve) => {
    stopWaiting = clock.after(limitMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopWaiting();
  }
}
