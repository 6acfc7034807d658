// How a server receives a room: says whether it would, listens to the room's channel already, and goes on with the room when it comes, or when
// the directory says that it should have come.

import type { Clock } from "../clock.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { upChannel } from "./channels.ts";
import { decodeRelay } from "./envelope.ts";
import type { Bequest, InboxMessage } from "./inbox-envelope.ts";
import { PREPARED_ROOMS_MAX, SEALED_MESSAGES_MAX } from "./limits.ts";
import type { ClusterStore, RoomRecord } from "./store.ts";
import { PREPARED_LOOK_MS, PREPARED_MS } from "./timing.ts";

export type Resume = Extract<InboxMessage, { kind: "resume" }>;

export interface InheritanceDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly bus: Bus;
  readonly self: { readonly id: ServerId; readonly version: string };
  /** Whether this server would run one more room, with that code. */
  readonly hasRoomFor: (code: RoomCode) => boolean;
  /** Goes on with the room here; `kept` came for it before. Does nothing if it runs here, or is about to. */
  readonly inherit: (resume: Resume, kept: readonly Uint8Array[]) => void;
  /** Takes the room of which this server is the owner without knowing it, from the store. */
  readonly claim: (record: RoomRecord) => Promise<unknown>;
  readonly send: (to: ServerId, message: InboxMessage) => void;
}

/** A room that this server is ready to go on with. */
interface Prepared extends Bequest {
  readonly untilMs: number;
  /** What came for the room in its coming epoch. */
  readonly kept: Uint8Array[];
  readonly subscription: Promise<() => void>;
  stopLooking: () => void;
  /** Resolves when the room is here, or is not expected any more. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

export class Inheritance {
  readonly #deps: InheritanceDependencies;
  readonly #prepared = new Map<RoomCode, Prepared>();
  readonly #looking = new Set<RoomCode>();

  constructor(deps: InheritanceDependencies) {
    this.#deps = deps;
  }

  close(): void {
    for (const prepared of [...this.#prepared.values()]) this.#forget(prepared);
  }

  /** Resolves when no message is expected about the room: at once, or when it is here, or when it has not come. */
  async arrival(code: RoomCode): Promise<void> {
    await this.#prepared.get(code)?.over;
  }

  async prepare({
    from,
    request,
    code,
    birth,
    epoch,
    waters,
  }: Extract<InboxMessage, { kind: "prepare" }>): Promise<void> {
    const { self, hasRoomFor, bus, send } = this.#deps;
    const answer = (willing: boolean) =>
      send(from, { kind: "prepared", from: { id: self.id, version: self.version }, request, willing });
    const earlier = this.#prepared.get(code);
    if (earlier) this.#forget(earlier);
    if (!hasRoomFor(code) || this.#prepared.size >= PREPARED_ROOMS_MAX) return answer(false);
    const prepared = this.#listen({ code, birth, epoch, waters });
    await prepared.subscription;
    if (this.#prepared.get(code) !== prepared) return;
    answer(bus.connected);
    this.#lookLater(prepared);
  }

  /** From an owner that has handed the room over. Without preparation the directory is asked whether it has. */
  async resume(resume: Resume): Promise<void> {
    const { self, store, inherit } = this.#deps;
    const { code, birth, epoch } = resume;
    const prepared = this.#prepared.get(code);
    if (prepared?.birth === birth && prepared.epoch === epoch) {
      inherit(resume, prepared.kept);
      this.#forget(prepared);
      return;
    }
    // Redis does not answer: the gateways of the room's players will ask for it.
    const record = await store.room(code).catch(() => undefined);
    if (record?.owner.id === self.id && record.epoch === epoch && record.birth === birth) inherit(resume, []);
  }

  /** Takes the room from the store if the directory says that it is this server's; true if it says so. */
  async look(code: RoomCode): Promise<boolean> {
    const { self, store, claim } = this.#deps;
    if (this.#looking.has(code)) return false;
    this.#looking.add(code);
    try {
      const record = await store.room(code);
      if (record?.owner.id !== self.id) return false;
      await claim(record);
      return true;
    } catch {
      // Redis does not answer: whoever asked asks again.
      return false;
    } finally {
      this.#looking.delete(code);
    }
  }

  #listen(bequest: Bequest): Prepared {
    const { clock, bus } = this.#deps;
    const kept: Uint8Array[] = [];
    const subscription = bus.subscribe(upChannel(bequest.code), (bytes) => {
      if (decodeRelay(bytes)?.epoch === bequest.epoch && kept.length < SEALED_MESSAGES_MAX) kept.push(bytes.slice());
    });
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const untilMs = clock.now() + PREPARED_MS;
    const prepared = { ...bequest, untilMs, kept, subscription, stopLooking: () => {}, over, end };
    this.#prepared.set(bequest.code, prepared);
    return prepared;
  }

  #lookLater(prepared: Prepared): void {
    const { clock } = this.#deps;
    prepared.stopLooking = clock.after(PREPARED_LOOK_MS, async () => {
      const found = await this.look(prepared.code);
      if (this.#prepared.get(prepared.code) !== prepared) return;
      if (found || clock.now() + PREPARED_LOOK_MS > prepared.untilMs) this.#forget(prepared);
      else this.#lookLater(prepared);
    });
  }

  #forget(prepared: Prepared): void {
    prepared.stopLooking();
    this.#prepared.delete(prepared.code);
    prepared.end();
    void prepared.subscription.then((unsubscribe) => unsubscribe());
  }
}
