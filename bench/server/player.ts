// One player of the generator: takes a seat, plays a recorded fight or makes for the middle, and counts what it is sent.
import { type Controls, MAX_BOATS } from "../../game/sim/index.ts";
import { DIALECTS } from "./dialects/by-name.ts";
import type { RoomMates, Seat } from "./dialects/dialect.ts";
import { tidegateArena } from "./dialects/tidegate.ts";
import { Gatherer } from "./gatherer.ts";
import type { SeatsWanted } from "./generator-calls.ts";
import { playBack, type Tracks } from "./tracks.ts";

/** Rooms do not all fight the same fight. */
const ROOM_OFFSET_INPUTS = 137;

/** What a player was sent, and what it has sent. */
export interface Traffic {
  readonly inputs: number;
  readonly snapshots: number;
  /** Everything on the socket, framing included. */
  readonly bytesDown: number;
  readonly bytesUp: number;
}

export class Player {
  readonly #index: number;
  readonly #tracks: Tracks;
  readonly #room: RoomMates;
  readonly #heard: () => void;
  #seat: Seat | undefined;
  #gatherer: Gatherer | undefined;
  #inputs = 0;
  #snapshots = 0;
  #isLost = false;
  #before: Traffic = { inputs: 0, snapshots: 0, bytesDown: 0, bytesUp: 0 };

  /** `heard` is called for each snapshot. */
  constructor(index: number, tracks: Tracks, room: RoomMates, heard: () => void) {
    this.#index = index;
    this.#tracks = tracks;
    this.#room = room;
    this.#heard = heard;
  }

  async join({ name, port, waters }: SeatsWanted): Promise<void> {
    const dialect = waters === "arena" ? tidegateArena : DIALECTS[name];
    this.#seat = await dialect(port, this.#room, {
      snapshot: () => {
        this.#snapshots += 1;
        this.#heard();
      },
      closed: () => {
        this.#isLost = true;
      },
    });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** From now on it makes for the middle of the arena. */
  gather(): void {
    this.#gatherer = new Gatherer();
  }

  steer(): void {
    if (this.#isLost) return;
    this.#seat!.input(this.#controls());
    this.#inputs += 1;
  }

  begin(): void {
    this.#before = this.#counts();
  }

  /** Since `begin`. */
  tally(): Traffic {
    const now = this.#counts();
    const before = this.#before;
    return {
      inputs: now.inputs - before.inputs,
      snapshots: now.snapshots - before.snapshots,
      bytesDown: now.bytesDown - before.bytesDown,
      bytesUp: now.bytesUp - before.bytesUp,
    };
  }

  leave(): void {
    if (!this.#isLost) this.#seat?.leave();
  }

  close(): void {
    this.#seat?.close();
  }

  #controls(): Controls {
    const offset = Math.floor(this.#index / MAX_BOATS) * ROOM_OFFSET_INPUTS;
    const recorded = playBack(this.#tracks, this.#index, offset + this.#inputs);
    if (!this.#gatherer) return recorded;
    const sighting = this.#room.sightings.find(({ seat }) => seat === this.#seat!.index);
    return { ...recorded, ...this.#gatherer.steer(sighting) };
  }

  #counts(): Traffic {
    const { bytesRead, bytesWritten } = this.#seat!.socket;
    return { inputs: this.#inputs, snapshots: this.#snapshots, bytesDown: bytesRead, bytesUp: bytesWritten };
  }
}
