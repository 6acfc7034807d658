// A room's state as bytes for its next owner. Every part registers here how it is saved and loaded; the type of `PARTS` does not let
// one be forgotten.

import { createWorld, MAX_BOATS } from "../../game/sim/index.ts";
import { createSeat, type RoomState } from "./room-state.ts";

export const CHECKPOINT_VERSION = 1;
/** Larger ones are neither written nor read, bytes. */
export const CHECKPOINT_MAX_BYTES = 256 * 1024;

interface Carry<Part> {
  save(part: Part): unknown;
  /** Throws when the saved part cannot be what `save` wrote. */
  load(saved: unknown): Part;
}

const WORLD_LIKE = createWorld(1);
const SEAT_LIKE = createSeat("" as never, "", { kind: "gone" });

const PARTS: { [Name in keyof RoomState]: Carry<RoomState[Name]> } = {
  world: { save: (world) => world, load: (saved) => like(saved, WORLD_LIKE, "world") },
  seats: {
    save: (seats) => seats,
    load: (saved) => list(saved, "seats").map((seat) => (seat === null ? null : like(seat, SEAT_LIKE, "seat"))),
  },
  bots: {
    save: (bots) => bots,
    load: (saved) =>
      list(saved, "bots").map((bot) => (bot === null || typeof bot === "string" ? bot : refuse("bots", bot))),
  },
  rosterVersion: { save: (version) => version, load: (saved) => integer(saved, "rosterVersion") },
  emptySinceTick: {
    save: (tick) => tick,
    load: (saved) => (saved === null ? null : integer(saved, "emptySinceTick")),
  },
};

export const CARRIED_PARTS = Object.keys(PARTS) as (keyof RoomState)[];

export class CheckpointError extends Error {
  readonly code = "bad-checkpoint";
}

export function saveCheckpoint(state: RoomState): Uint8Array {
  const parts = Object.fromEntries(CARRIED_PARTS.map((name) => [name, savePart(state, name)]));
  const bytes = new TextEncoder().encode(JSON.stringify({ version: CHECKPOINT_VERSION, parts }));
  if (bytes.length > CHECKPOINT_MAX_BYTES) throw new CheckpointError(`cannot save a room of ${bytes.length} bytes`);
  return bytes;
}

/** Throws CheckpointError on anything that `saveCheckpoint` of this version did not write. */
export function loadCheckpoint(bytes: Uint8Array): RoomState {
  if (bytes.length > CHECKPOINT_MAX_BYTES)
    throw new CheckpointError(`cannot read a checkpoint of ${bytes.length} bytes`);
  let read: { version?: unknown; parts?: Record<string, unknown> };
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CheckpointError("cannot read a checkpoint: it is not JSON", { cause });
  }
  if (read?.version !== CHECKPOINT_VERSION)
    throw new CheckpointError(`cannot read checkpoint version ${read?.version}`);
  const parts = read.parts;
  if (typeof parts !== "object" || parts === null) throw new CheckpointError("cannot read a checkpoint without parts");
  return Object.fromEntries(CARRIED_PARTS.map((name) => [name, PARTS[name].load(parts[name])])) as unknown as RoomState;
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

function list(saved: unknown, what: string): unknown[] {
  return Array.isArray(saved) && saved.length === MAX_BOATS ? saved : refuse(what, saved);
}

/** The saved value, if it has every field of `model` with the same type. */
function like<Model extends object>(saved: unknown, model: Model, what: string): Model {
  if (typeof saved !== "object" || saved === null) refuse(what, saved);
  for (const [field, value] of Object.entries(model)) {
    const found = (saved as Record<string, unknown>)[field];
    if (typeof found !== typeof value || Array.isArray(found) !== Array.isArray(value))
      refuse(`${what}.${field}`, found);
  }
  return saved as Model;
}
