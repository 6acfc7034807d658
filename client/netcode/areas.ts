// What is known of an arena: the bases of the next area frames, and where all its boats were sighted last. For a moment, in a move, two
// gateways tell it, each as differences to what it told itself.

import {
  type AreaBase,
  type AreaSnapshot,
  decodeArea,
  isBaseOf,
  readAreaHeader,
  type Sighting,
} from "../../game/protocol/index.ts";
import { decodeOrNothing } from "./decode-or-nothing.ts";

/** Gateways that are listened to at a time. */
const STREAMS_MAX = 2;

/** Makes an area of its bytes and of what it is a difference to; throws a ProtocolError. Bases are never changed. */
export type DecodeArea = (bytes: Uint8Array, base: AreaBase | undefined) => AreaSnapshot;

export class Areas {
  readonly #decode: DecodeArea;
  /** By stream, the latest last. */
  readonly #bases = new Map<number, AreaBase>();
  #sightings: (Sighting | null)[] = [];
  /** The newest tick that sightings are of, and its owner's epoch: a new owner may begin at an earlier one. */
  #sighted = { epoch: 0, tick: 0 };
  /** The sightings without the free seats, made when they are asked for. */
  #listed: readonly Sighting[] | undefined;

  constructor(decode: DecodeArea = decodeArea) {
    this.#decode = decode;
  }

  /** All boats, roughly; by seat. */
  get sightings(): readonly Sighting[] {
    this.#listed ??= this.#sightings.filter((sighting) => sighting !== null && sighting !== undefined);
    return this.#listed;
  }

  /** `undefined` if the frame's base is missing, or if it is no area. */
  take(bytes: Uint8Array): AreaSnapshot | undefined {
    const header = readAreaHeader(bytes);
    if (!header) return undefined;
    const base = this.#bases.get(header.stream);
    if (!header.keyframe && !isBaseOf(base, header)) return undefined;
    const area = decodeOrNothing(() => this.#decode(bytes, header.keyframe ? undefined : base));
    if (!area) return undefined;
    this.#bases.delete(header.stream);
    this.#bases.set(header.stream, area.base);
    if (this.#bases.size > STREAMS_MAX) this.#bases.delete(this.#bases.keys().next().value!);
    const { epoch, tick } = this.#sighted;
    if (header.epoch > epoch || (header.epoch === epoch && header.tick > tick)) this.#sight(area);
    return area;
  }

  reset(): void {
    this.#bases.clear();
    this.#sightings = [];
    this.#listed = undefined;
    this.#sighted = { epoch: 0, tick: 0 };
  }

  #sight({ sighted, snapshot }: AreaSnapshot): void {
    this.#sighted = { epoch: snapshot.epoch, tick: snapshot.view.tick };
    this.#listed = undefined;
    for (const [at, sighting] of sighted.boats.entries()) this.#sightings[sighted.from + at] = sighting;
  }
}
