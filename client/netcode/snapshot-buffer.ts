// The last views of a room, decoded from the frames as they come, over one socket or two. A difference whose base is missing is dropped and
// a keyframe asked for. Frames of a former owner, and those that the other socket has brought already, are ignored. Of an arena, views hold
// what is near; all else is null there, and sighted.

import type { Sighting, Snapshot, SnapshotHeader } from "../../game/protocol/index.ts";
import { decodeSnapshot, readSnapshotHeader } from "../../game/protocol/index.ts";
import type { View } from "../../game/sim/index.ts";
import { Areas, type DecodeArea } from "./areas.ts";
import { decodeOrNothing } from "./decode-or-nothing.ts";

/** Views that are kept: one second, more than the largest drawing delay. */
export const VIEWS_MAX = 32;
/** A keyframe is asked for again if none came within this time. */
export const KEYFRAME_RETRY_MS = 500;

/** If a former owner is the only one to be heard for this long, the room is what it says: the newer epoch is no more. */
export const EPOCH_BACK_MS = 3_000;

export type Taken =
  | { kind: "snapshot"; snapshot: Snapshot; isKeyframe: boolean; isNewEpoch: boolean }
  /** Nothing was learnt; `askKeyframe` when the stream cannot go on without one. */
  | { kind: "ignored"; askKeyframe: boolean };

/** Makes a snapshot of its bytes and of the view that it is a difference to; throws a ProtocolError. Views are never changed. */
export type Decode = (bytes: Uint8Array, base: View | undefined) => Snapshot;

/** Instead of the protocol's own: for many sessions in one process that hear the same. */
export interface Decoders {
  decode?: Decode;
  decodeArea?: DecodeArea;
}

export class SnapshotBuffer {
  readonly #decode: Decode;
  readonly #areas: Areas;
  #views: View[] = [];
  #epoch = 0;
  /** When the epoch was last heard of. */
  #heardAtMs = 0;
  #askedAtMs: number | undefined;

  constructor(decode: Decode = decodeSnapshot, decodeArea?: DecodeArea) {
    this.#decode = decode;
    this.#areas = new Areas(decodeArea);
  }

  /** Oldest first, ticks rising. */
  get views(): readonly View[] {
    return this.#views;
  }

  /** Where all boats of an arena are, roughly; empty in a basin. */
  get sightings(): readonly Sighting[] {
    return this.#areas.sightings;
  }

  /** The newest that was heard of; 0 before the first frame. */
  get epoch(): number {
    return this.#epoch;
  }

  get newest(): View | undefined {
    return this.#views.at(-1);
  }

  /** Bytes that are no snapshot count as a gap. */
  take(bytes: Uint8Array, nowMs: number): Taken {
    const header = readSnapshotHeader(bytes);
    if (header === undefined) return this.#missing(nowMs);
    const newest = this.newest;
    const isFormer = header.epoch < this.#epoch && nowMs - this.#heardAtMs < EPOCH_BACK_MS;
    if (newest && (isFormer || (header.epoch === this.#epoch && header.tick <= newest.tick))) {
      // The other gateway's next frame is the difference to this one.
      if (header.area && !isFormer) this.#areas.take(bytes);
      return { kind: "ignored", askKeyframe: false };
    }
    const isNewEpoch = newest !== undefined && header.epoch !== this.#epoch;
    const snapshot = header.area ? this.#areas.take(bytes)?.snapshot : this.#decoded(bytes, header, isNewEpoch);
    if (snapshot === undefined) return this.#missing(nowMs);
    this.#askedAtMs = undefined;
    this.#epoch = snapshot.epoch;
    this.#heardAtMs = nowMs;
    // A new owner may go on a little before the last tick that was seen.
    if (isNewEpoch) this.#views = this.#views.filter((view) => view.tick < snapshot.view.tick);
    this.#views.push(snapshot.view);
    if (this.#views.length > VIEWS_MAX) this.#views.shift();
    return { kind: "snapshot", snapshot, isKeyframe: header.keyframe, isNewEpoch };
  }

  /** Another seat, perhaps another room: nothing of the old one counts. */
  reset(): void {
    this.#areas.reset();
    this.#views = [];
    this.#epoch = 0;
    this.#askedAtMs = undefined;
  }

  #decoded(bytes: Uint8Array, header: SnapshotHeader, isNewEpoch: boolean): Snapshot | undefined {
    const { newest } = this;
    if (header.keyframe) return decodeOrNothing(() => this.#decode(bytes, undefined));
    if (isNewEpoch || newest?.tick !== header.baseTick) return undefined;
    return decodeOrNothing(() => this.#decode(bytes, newest));
  }

  #missing(nowMs: number): Taken {
    const askKeyframe = this.#askedAtMs === undefined || nowMs - this.#askedAtMs >= KEYFRAME_RETRY_MS;
    if (askKeyframe) this.#askedAtMs = nowMs;
    return { kind: "ignored", askKeyframe };
  }
}
