// A room's state as bytes for its next owner, which may be a server of the version before this one or after it. Every part registers here
// how it is saved and loaded, and since when it exists; the type of `PARTS` does not let one be forgotten.

import { addBoat, type Boat, createWorld, type WatersKind, watersOf } from "../../game/sim/index.ts";
import { deflate, inflate, isDeflated } from "../deflate.ts";
import { type FieldsSince, isNeighbour, isRecord, readLike } from "./format-version.ts";
import { createSeat, type RoomState, type Seat } from "./room-state.ts";
import type { SeatState } from "./seat-state.ts";

/**
 * Grows by one with a release that saves something new (then: its `since`) or stops saving something. Still 1, because the very first readers
 * take nothing but 1; a release that only meets readers of this rule may write 2.
 */
export const CHECKPOINT_VERSION = 1;
/** Larger ones are neither written nor read, bytes. The fullest basin, with every queue of inputs full, has about 270 kB. */
const CHECKPOINT_MAX_BYTES = 384 * 1024;
/** The same of an arena, which travels deflated … */
export const ARENA_CHECKPOINT_MAX_BYTES = 1024 * 1024;
/** … and this when it is inflated again: the fullest one has about 4 MB. */
const ARENA_INFLATED_MAX_BYTES = 8 * 1024 * 1024;

type Carry<Part> = {
  save(part: Part): unknown;
  /** Throws when the saved part cannot be what `save` of that version wrote. */
  load(saved: unknown, version: number): Part;
} & ({ since: 1 } | { since: number; otherwise(): Part }); // The first version whose checkpoints all have the part; what an older one is read as.

/** Fields of worlds, boats and seats that came later, with `since`; an older checkpoint gets those of the models below. */
const FIELDS_SINCE: FieldsSince = { "seat.inputs.steering": 2, "world.waters": 2 };

const WORLD_LIKE = { ...createWorld(1), boats: [] };
const BOAT_LIKE = aBoat();
const SEAT_LIKE = { ...createSeat("" as never, "", { kind: "gone" }), state: {} };

const PARTS: { [Name in keyof RoomState]: Carry<RoomState[Name]> } = {
  world: {
    since: 1,
    save: (world) => world,
    load: (saved, version) => {
      const world = like(saved, WORLD_LIKE, "world", version);
      world.waters = watersKind(world.waters);
      return { ...world, boats: list(world.boats, "world.boats", (boat) => like(boat, BOAT_LIKE, "boat", version)) };
    },
  },
  seats: {
    since: 1,
    save: (seats) => seats,
    load: (saved, version) => list(saved, "seats", (seat) => seatOf(seat, version)),
  },
  bots: {
    since: 1,
    save: (bots) => bots,
    load: (saved) => list(saved, "bots", (bot) => (typeof bot === "string" ? bot : refuse("bots", bot))),
  },
  rosterVersion: { since: 1, save: (version) => version, load: (saved) => integer(saved, "rosterVersion") },
  rosterToldVersion: {
    since: 2,
    save: (version) => version,
    load: (saved) => integer(saved, "rosterToldVersion"),
    otherwise: () => 0,
  },
  emptySinceTick: {
    since: 1,
    save: (tick) => tick,
    load: (saved) => (saved === null ? null : integer(saved, "emptySinceTick")),
  },
};

export const CARRIED_PARTS = Object.keys(PARTS) as (keyof RoomState)[];

class CheckpointError extends Error {
  readonly code = "bad-checkpoint";
}

export function saveCheckpoint(state: RoomState): Uint8Array {
  const parts = Object.fromEntries(CARRIED_PARTS.map((name) => [name, savePart(state, name)]));
  const json = new TextEncoder().encode(JSON.stringify({ version: CHECKPOINT_VERSION, parts }));
  const isArena = state.world.waters === "arena";
  const bytes = isArena ? deflate(json) : json;
  const limit = isArena ? ARENA_CHECKPOINT_MAX_BYTES : CHECKPOINT_MAX_BYTES;
  if (bytes.length > limit) throw new CheckpointError(`cannot save a room of ${bytes.length} bytes`);
  return bytes;
}

/** Throws CheckpointError on anything that `saveCheckpoint` of this version or one to either side did not write. */
export function loadCheckpoint(bytes: Uint8Array): RoomState {
  const isSmall = isDeflated(bytes);
  if (bytes.length > (isSmall ? ARENA_CHECKPOINT_MAX_BYTES : CHECKPOINT_MAX_BYTES))
    throw new CheckpointError(`cannot read a checkpoint of ${bytes.length} bytes`);
  let read: unknown;
  try {
    const json = isSmall ? inflate(bytes, ARENA_INFLATED_MAX_BYTES) : bytes;
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw new CheckpointError("cannot read a checkpoint: it is not JSON", { cause });
  }
  const { version, parts } = isRecord(read) ? read : {};
  if (!isNeighbour(version, CHECKPOINT_VERSION)) {
    const readable = `this server reads ${CHECKPOINT_VERSION} and one to either side`;
    throw new CheckpointError(`cannot read checkpoint version ${JSON.stringify(version)?.slice(0, 40)}: ${readable}`);
  }
  if (!isRecord(parts)) throw new CheckpointError("cannot read a checkpoint without parts");
  const state = Object.fromEntries(
    CARRIED_PARTS.map((name) => [name, loadPart(name, parts[name], version)]),
  ) as unknown as RoomState;
  const { seats } = watersOf(state.world.waters);
  for (const places of [state.world.boats, state.seats, state.bots])
    if (places.length !== seats) throw new CheckpointError(`cannot read a checkpoint of ${places.length} seats`);
  return state;
}

function loadPart<Name extends keyof RoomState>(name: Name, saved: unknown, version: number): RoomState[Name] {
  const part: Carry<RoomState[Name]> = PARTS[name];
  if (saved === undefined && "otherwise" in part && part.since > version) return part.otherwise();
  return part.load(saved, version);
}

function savePart<Name extends keyof RoomState>(state: RoomState, name: Name): unknown {
  return PARTS[name].save(state[name]);
}

function refuse(what: string, value: unknown): never {
  throw new CheckpointError(`cannot read ${what} of a checkpoint: value ${JSON.stringify(value)?.slice(0, 40)}`);
}

function integer(saved: unknown, what: string): number {
  return Number.isSafeInteger(saved) ? (saved as number) : refuse(what, saved);
}

function watersKind(saved: string): WatersKind {
  return saved === "basin" || saved === "arena" ? saved : refuse("waters", saved);
}

/** A list with a place for each boat. */
function list<Item>(saved: unknown, what: string, load: (item: unknown) => Item): (Item | null)[] {
  if (!Array.isArray(saved)) refuse(what, saved);
  return saved.map((item) => (item === null ? null : load(item)));
}

function like<Model extends object>(saved: unknown, model: Model, what: string, version: number): Model {
  return readLike(saved, model, what, { version, since: FIELDS_SINCE, refuse });
}

function seatOf(saved: unknown, version: number): Seat {
  const seat = like(saved, SEAT_LIKE, "seat", version);
  return { ...seat, state: seatStateOf(seat.state) };
}

/** A state that only a newer version knows is a seat that nobody has spoken for: its player's gateway will, or it is given up. */
function seatStateOf(saved: Record<string, unknown>): SeatState {
  const { kind, connection, gateway, untilTick } = saved;
  const speaks = typeof connection === "string" && typeof gateway === "string";
  const isKnown =
    (kind === "seated" && speaks) ||
    (kind === "connecting" && speaks && Number.isInteger(untilTick)) ||
    (kind === "away" && Number.isInteger(untilTick)) ||
    kind === "gone";
  return isKnown ? (saved as SeatState) : { kind: "connecting", connection: "", gateway: "", untilTick: 0 };
}

function aBoat(): Boat {
  const world = createWorld(1);
  addBoat(world, 0, { bot: false });
  return world.boats[0]!;
}
