// The rooms that run in this process, and the one loop that steps them: fixed steps, the residual kept, a bounded catch-up.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Recorder } from "../../game/recording/recorder.ts";
import { createWorld, TICK_MS, type WatersKind, type World } from "../../game/sim/index.ts";
import type { Clock } from "../clock.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import type { Arrival } from "./input-queue.ts";
import { Room } from "./room.ts";
import type { RoomHooks } from "./room-hooks.ts";
import type { OwnedRoom, RoomCode, RoomHost, SealedRoom } from "./room-port.ts";
import { createRoomState, type RoomState } from "./room-state.ts";
import type { RosterNews } from "./roster-news.ts";

/** New rooms beyond this are refused; rooms that come from other owners are not. */
export const ROOMS_MAX = 64;
/** Steps that a room makes up for at once when the process was held up; what is beyond is dropped. */
export const LAG_STEPS_MAX = 5;
/** Steps that an adopted room catches up with what its players have seen; what is beyond is jumped over. */
export const CATCH_UP_MAX_TICKS = 60;
/** An adopted room that has to catch up waits this long for inputs that are sent again, so that they meet their ticks. */
const ADOPT_GRACE_MS = 100;
/** Spreads the rooms' ticks over the tick interval: multiples of the golden ratio never bunch. */
const SPREAD = 0.618033988749895;

type ClosedHandler = Parameters<RoomHost["onClosed"]>[0];
type ScoreHandler = Parameters<RoomHost["onScore"]>[0];
type RosterHandler = (code: RoomCode, news: RosterNews) => void;

export interface RoomLoopOptions {
  clock: Clock;
  owner: ServerLabel;
  /** A new room's world, unsigned 32 bits. */
  randomSeed: () => number;
  /** Bots join a basin until it has this many boats. */
  botsFillTo?: number | undefined;
  /** The same of an arena. */
  arenaBotsFillTo?: number | undefined;
  /** Makes a recording of each room, if it answers one. */
  record?: ((room: { code: RoomCode; epoch: number; world: World }) => Recorder | undefined) | undefined;
  observe: {
    /** `gapMs`: since the room's step before; 0 when there was none, or nobody is in the room. */
    tick(durationMs: number, gapMs: number): void;
    /** Steps that were dropped because the process was held up. */
    droppedSteps(count: number): void;
    arrival(arrival: Arrival): void;
    error(error: unknown, code: RoomCode): void;
  };
}

/** This process has as many rooms as it takes. */
export class RoomsFull extends Error {
  readonly code = "server-full";
}

interface Slot {
  room: Room;
  dueMs: number;
  /** When its last step here began. */
  steppedAtMs: number | undefined;
  /** Highest tick that players of a former owner have seen; caught up with at the next step. */
  seenTick: number;
  /** "after-tick": `onSealed` waits for the next tick. */
  seal: "open" | "after-tick" | "sealed";
  onSealed: (sealed: SealedRoom | undefined) => void;
}

export class RoomLoop implements RoomHost {
  readonly #options: RoomLoopOptions;
  readonly #slots = new Map<RoomCode, Slot>();
  readonly #closedHandlers: ClosedHandler[] = [];
  readonly #scoreHandlers: ScoreHandler[] = [];
  readonly #rosterHandlers: RosterHandler[] = [];
  #made = 0;
  #cancelWake: (() => void) | undefined;
  #wakeMs = Number.POSITIVE_INFINITY;

  constructor(options: RoomLoopOptions) {
    this.#options = options;
  }

  create(code: RoomCode, epoch: number, waters: WatersKind = "basin"): OwnedRoom {
    if (this.full) throw new RoomsFull(`cannot make room ${code}: ${ROOMS_MAX} run here`);
    return this.#add(code, epoch, createRoomState(createWorld(this.#options.randomSeed(), waters)), 0);
  }

  adopt(code: RoomCode, epoch: number, checkpoint: Uint8Array, atLeastTick: number, dueInMs?: number): OwnedRoom {
    const state = loadCheckpoint(checkpoint);
    jumpTowards(state, atLeastTick);
    const room = this.#add(code, epoch, state, atLeastTick, dueInMs);
    room.takeOver(dueInMs !== undefined);
    return room;
  }

  catchUp(code: RoomCode, seenTick: number): void {
    const slot = this.#slots.get(code);
    if (!slot || seenTick <= slot.room.tick) return;
    jumpTowards(slot.room.state, seenTick);
    slot.seenTick = Math.max(slot.seenTick, seenTick);
  }

  seal(code: RoomCode): Promise<SealedRoom | undefined> {
    const slot = this.#slots.get(code);
    if (slot?.seal !== "open") return Promise.resolve(undefined);
    slot.seal = "after-tick";
    return new Promise((resolve) => {
      slot.onSealed = resolve;
    });
  }

  unseal(code: RoomCode): void {
    const slot = this.#slots.get(code);
    if (slot?.seal !== "sealed") return;
    slot.seal = "open";
    this.#wakeBy(slot.dueMs);
  }

  yield(code: RoomCode): void {
    const slot = this.#slots.get(code);
    if (slot) this.#remove(slot);
    slot?.room.close();
  }

  get full(): boolean {
    return this.#slots.size >= ROOMS_MAX;
  }

  get(code: RoomCode): Room | undefined {
    return this.#slots.get(code)?.room;
  }

  list(): Room[] {
    return Array.from(this.#slots.values(), (slot) => slot.room);
  }

  onClosed(handler: ClosedHandler): void {
    this.#closedHandlers.push(handler);
  }

  onScore(handler: ScoreHandler): void {
    this.#scoreHandlers.push(handler);
  }

  /** Called after a tick in which a room's roster changed, or was asked for. */
  onRoster(handler: RosterHandler): void {
    this.#rosterHandlers.push(handler);
  }

  /** Tells the scores so far of every room. */
  reportScores(): void {
    for (const { room } of this.#slots.values()) this.#tellScores(room);
  }

  /** Stops every room and tells the scores so far. */
  close(): void {
    this.reportScores();
    for (const slot of [...this.#slots.values()]) {
      this.#remove(slot);
      slot.room.close();
    }
    this.#cancelWake?.();
  }

  #add(code: RoomCode, epoch: number, state: RoomState, seenTick: number, dueInMs?: number): Room {
    this.yield(code);
    const { owner, clock, record } = this.#options;
    const botsFillTo = state.world.waters === "arena" ? this.#options.arenaBotsFillTo : this.#options.botsFillTo;
    const recorder = record?.({ code, epoch, world: state.world });
    const room = new Room({ code, owner, epoch, state, hooks: this.#hooks(), botsFillTo, recorder });
    const graceMs = seenTick > state.world.tick ? ADOPT_GRACE_MS : 0;
    const spreadMs = ((this.#made++ * SPREAD) % 1) * TICK_MS;
    const dueMs = clock.now() + (dueInMs ?? graceMs + spreadMs);
    const slot: Slot = { room, dueMs, steppedAtMs: undefined, seenTick, seal: "open", onSealed: () => {} };
    this.#slots.set(code, slot);
    this.#wakeBy(slot.dueMs);
    return room;
  }

  #remove(slot: Slot): void {
    this.#slots.delete(slot.room.code);
    if (slot.seal === "after-tick") slot.onSealed(undefined);
  }

  #hooks(): RoomHooks {
    return {
      roster: (room, news) => {
        for (const handler of this.#rosterHandlers) handler(room.code, news);
      },
      score: (room, score) => {
        for (const handler of this.#scoreHandlers) handler(room.code, score);
      },
      arrival: this.#options.observe.arrival,
      fault: (room, error) => this.#fault(room, error),
    };
  }

  #wakeBy(dueMs: number): void {
    if (dueMs >= this.#wakeMs) return;
    const { clock } = this.#options;
    this.#cancelWake?.();
    this.#wakeMs = dueMs;
    // Timers have whole milliseconds; one that came too early would have to be set twice.
    this.#cancelWake = clock.after(Math.max(0, Math.ceil(dueMs - clock.now())), () => this.#wake());
  }

  #wake(): void {
    this.#wakeMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const slot of [...this.#slots.values()]) {
      if (slot.seal !== "sealed") this.#run(slot);
      if (slot.seal !== "sealed" && this.#slots.get(slot.room.code) === slot) nextMs = Math.min(nextMs, slot.dueMs);
    }
    if (nextMs !== Number.POSITIVE_INFINITY) this.#wakeBy(nextMs);
  }

  /** Takes the steps that are due. A room that throws is closed, alone. */
  #run(slot: Slot): void {
    const { room } = slot;
    let steps = 0;
    try {
      for (; slot.dueMs <= this.#options.clock.now(); steps++) {
        if (this.#slots.get(room.code) !== slot) return;
        if (steps === LAG_STEPS_MAX) {
          this.#dropLag(slot);
          break;
        }
        this.#step(slot);
        slot.dueMs += TICK_MS;
      }
    } catch (error) {
      this.#fault(room, error);
      return;
    }
    if (room.deserted) this.#close(room, "empty");
    else if (slot.seal === "after-tick" && steps > 0) this.#sealed(slot);
  }

  #sealed(slot: Slot): void {
    slot.seal = "sealed";
    slot.onSealed({ dueInMs: () => slot.dueMs - this.#options.clock.now() });
  }

  #step(slot: Slot): void {
    const { clock, observe } = this.#options;
    const startMs = clock.now();
    while (slot.room.tick < slot.seenTick) slot.room.advance();
    slot.room.step((error) => observe.error(error, slot.room.code));
    const isWatched = slot.room.state.emptySinceTick === null;
    observe.tick(clock.now() - startMs, isWatched ? startMs - (slot.steppedAtMs ?? startMs) : 0);
    slot.steppedAtMs = startMs;
  }

  #dropLag(slot: Slot): void {
    const steps = Math.floor((this.#options.clock.now() - slot.dueMs) / TICK_MS) + 1;
    slot.dueMs += steps * TICK_MS;
    this.#options.observe.droppedSteps(steps);
  }

  #fault(room: Room, error: unknown): void {
    this.#options.observe.error(error, room.code);
    this.#close(room, "fault");
  }

  #close(room: Room, reason: "fault" | "empty"): void {
    if (this.#slots.get(room.code)?.room !== room) return;
    this.#remove(this.#slots.get(room.code)!);
    if (reason === "fault") this.#tellScores(room);
    room.close(reason === "fault" ? "room-closed" : undefined);
    for (const handler of this.#closedHandlers) handler(room.code, reason);
  }

  #tellScores(room: Room): void {
    try {
      room.reportScores();
    } catch (error) {
      // The fault may lie in the very state that the scores are in.
      this.#options.observe.error(error, room.code);
    }
  }
}

/** Ticks that are more than CATCH_UP_MAX_TICKS behind are jumped over. */
function jumpTowards({ world }: RoomState, seenTick: number): void {
  world.tick = Math.max(world.tick, seenTick - CATCH_UP_MAX_TICKS);
}
