// One game: seats, bots and inputs around a world, stepped a tick at a time by whoever holds it. Knows no socket, no Redis, no clock.

import {
  decodeInput,
  type InputFrame,
  type Roster,
  type SeatReport,
  type ServerLabel,
} from "../../game/protocol/index.ts";
import type { Recorder } from "../../game/recording/recorder.ts";
import {
  botControls,
  type Controls,
  type GameEvent,
  removeBoat,
  type Surroundings,
  step,
  surroundingsOf,
  TICK_RATE,
  type View,
  viewOf,
  type WatersKind,
} from "../../game/sim/index.ts";
import { noteArrival, takeReports } from "./arrival-report.ts";
import { balanceBots, botsFillToBoats } from "./bots.ts";
import { saveCheckpoint } from "./checkpoint.ts";
import { enqueueInput, takeDue } from "./input-queue.ts";
import { frameOf } from "./room-frame.ts";
import type { RoomHooks } from "./room-hooks.ts";
import type { OwnedRoom, PlayerId, RoomCode, RoomListener, SeatAnswer, SeatRequest, SeatVoice } from "./room-port.ts";
import { countPeople, type RoomState, rosterOf, type Seat, seatsByPlayer } from "./room-state.ts";
import { RosterTeller } from "./roster-news.ts";
import { nextSeatState, type SeatEvent } from "./seat-state.ts";
import { takeSeat, voicesOf } from "./seating.ts";

/** A room that nobody is seated or away in closes after this time, ticks. */
export const EMPTY_CLOSE_TICKS = 10 * TICK_RATE;

/** Fields of a Room that its next owner builds anew; everything else must be in `state`. */
export const NOT_CARRIED = {
  code: "named by the cluster",
  owner: "the server that it runs on",
  epoch: "raised by each owner",
  hooks: "of the process",
  recorder: "each owner makes a recording of its own",
  botsFillTo: "a setting of the server",
  listeners: "gateways attach themselves again",
  base: "the first frame of an owner is a keyframe",
  rosterTeller: "a new owner announces the roster once, unless it is known",
  indexOf: "told by the seats",
  closed: "a closed room is not carried",
} as const;

export class Room implements OwnedRoom {
  readonly code: RoomCode;
  readonly owner: ServerLabel;
  readonly epoch: number;
  readonly state: RoomState;
  private readonly hooks: RoomHooks;
  private readonly recorder: Recorder | undefined;
  private readonly botsFillTo: number;
  private readonly listeners = new Set<RoomListener>();
  /** The view that listeners have; what the next delta is a difference to. */
  private base: View | undefined = undefined;
  private readonly rosterTeller: RosterTeller;
  /** Where each player sits. Every input asks, so nobody is looked for among five hundred. */
  private readonly indexOf: Map<PlayerId, number>;
  private closed = false;

  constructor(options: {
    code: RoomCode;
    owner: ServerLabel;
    epoch: number;
    state: RoomState;
    hooks: RoomHooks;
    /** Bots join until there are this many boats. */
    botsFillTo?: number | undefined;
    recorder?: Recorder | undefined;
  }) {
    this.code = options.code;
    this.owner = options.owner;
    this.epoch = options.epoch;
    this.state = options.state;
    this.indexOf = seatsByPlayer(this.state);
    this.rosterTeller = new RosterTeller(this.waters);
    this.hooks = options.hooks;
    this.recorder = options.recorder;
    this.botsFillTo = options.botsFillTo ?? botsFillToBoats(this.waters);
  }

  get tick(): number {
    return this.state.world.tick;
  }

  get players(): number {
    return countPeople(this.state);
  }

  get waters(): WatersKind {
    return this.state.world.waters;
  }

  get freeSeats(): number {
    return this.state.seats.length - this.players;
  }

  get roster(): Roster {
    return rosterOf(this.state);
  }

  /** True once nobody has been here for EMPTY_CLOSE_TICKS. */
  get deserted(): boolean {
    const since = this.state.emptySinceTick;
    return since !== null && this.tick - since >= EMPTY_CLOSE_TICKS;
  }

  async join(request: SeatRequest): Promise<SeatAnswer> {
    if (this.closed) return { ok: false, code: "unavailable" };
    try {
      return this.#join(request);
    } catch (error) {
      this.hooks.fault(this, error);
      return { ok: false, code: "room-closed" };
    }
  }

  input(player: PlayerId, frame: Uint8Array, read?: InputFrame): void {
    const seat = this.#seatOf(player);
    const input = read ?? decodeInput(frame);
    // The seat may be gone while its last inputs are still on their way.
    if (this.closed || !seat || !input) return;
    seat.state = nextSeatState(seat.state, { kind: "heard" });
    const arrival = enqueueInput(seat.inputs, input, this.tick + 1);
    if (arrival !== "duplicate") noteArrival(seat.arrival, input.tick - (this.tick + 1));
    this.hooks.arrival(arrival);
  }

  away(player: PlayerId, connection: string): void {
    const seat = this.#seatOf(player);
    if (seat) this.#move(seat, { kind: "lost", connection, tick: this.tick });
  }

  leave(player: PlayerId): void {
    const seat = this.#seatOf(player);
    if (this.closed || !seat) return;
    try {
      seat.state = nextSeatState(seat.state, { kind: "left" });
      this.#vacate(this.indexOf.get(player)!, seat);
    } catch (error) {
      this.hooks.fault(this, error);
    }
  }

  /** Frames of this room bring their keyframe along; whoever asks has missed something, perhaps the roster too. */
  wantKeyframe(): void {
    this.rosterTeller.isMissed(this.tick);
  }

  listen(listener: RoomListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  checkpoint(): Uint8Array {
    return saveCheckpoint(this.state);
  }

  voices(): SeatVoice[] {
    return voicesOf(this.state);
  }

  /**
   * After a checkpoint of another owner was loaded: seats wait for a sign of life from their connections. `isWhole`: nothing has happened in the
   * room since the checkpoint.
   */
  takeOver(isWhole: boolean): void {
    const { rosterVersion, rosterToldVersion } = this.state;
    if (isWhole && this.waters === "arena" && rosterVersion === rosterToldVersion)
      this.rosterTeller.isKnown(this.roster);
    for (const seat of this.state.seats) if (seat) this.#move(seat, { kind: "taken-over", tick: this.tick });
  }

  /** One step that nobody hears about, to catch up with what others have already seen. Answers what happened. */
  advance(): { events: GameEvent[]; reports: SeatReport[] } {
    const { world, seats, bots } = this.state;
    const nextTick = world.tick + 1;
    const passed: SeatEvent = { kind: "tick", tick: nextTick };
    for (let index = 0; index < seats.length; index++) {
      const seat = seats[index];
      if (!seat) continue;
      this.#move(seat, passed);
      if (seat.state.kind === "gone") this.#vacate(index, seat);
    }
    if (balanceBots(this.state, this.botsFillTo)) this.#crewChanged();
    const inputs: (Controls | undefined)[] = new Array(seats.length);
    let around: Surroundings | undefined;
    for (let index = 0; index < seats.length; index++) {
      const seat = seats[index];
      if (seat) inputs[index] = this.#takeInput(index, seat, nextTick);
      else if (bots[index]) {
        around ??= surroundingsOf(world);
        inputs[index] = botControls(world, index, around);
      }
    }
    this.recorder?.step(inputs);
    const events = step(world, inputs);
    this.recorder?.stepped();
    if (events.some((event) => event.type === "round-end")) this.reportScores();
    return { events, reports: takeReports(this.state) };
  }

  /** One step, and the frame of it to every listener. A listener that throws is its own gateway's fault, not the room's. */
  step(onListenerError: (error: unknown) => void): void {
    const { events, reports } = this.advance();
    this.#tellRoster();
    if (this.listeners.size === 0) {
      this.base = undefined;
      return;
    }
    const view = viewOf(this.state.world);
    const content = { epoch: this.epoch, rosterVersion: this.state.rosterVersion, view, events, reports };
    const frame = frameOf(content, this.base);
    this.base = view;
    for (const listener of this.listeners) {
      try {
        listener.frame(frame);
      } catch (error) {
        onListenerError(error);
      }
    }
  }

  /** Nothing is done or said any more. With a code, listeners hear why; without, the room lives on elsewhere. */
  close(code?: "room-closed"): void {
    this.closed = true;
    this.recorder?.end();
    const listeners = [...this.listeners];
    this.listeners.clear();
    if (code) for (const listener of listeners) listener.closed(code);
  }

  /** Tells the points of everybody who is seated, as they are now. */
  reportScores(): void {
    this.state.seats.forEach((seat, index) => {
      if (seat) this.#reportScore(index, seat);
    });
  }

  #join(request: SeatRequest): SeatAnswer {
    // Whose page does not understand area frames knows of no arenas.
    if (this.waters === "arena" && !request.areas) return { ok: false, code: "unknown-room" };
    const taken = takeSeat(this.state, request);
    if (typeof taken === "string") return { ok: false, code: taken };
    const { index, seat, resumed, replaced } = taken;
    this.indexOf.set(request.player, index);
    if (!resumed) this.#crewChanged();
    else if (taken.rosterChanged) this.#rosterChanged();
    const roster = this.rosterTeller.rosterFor(index, this.roster);
    return { ok: true, seat: index, resumed, inputsReceived: seat.inputs.received, roster, replaced };
  }

  #seatOf(player: PlayerId): Seat | null | undefined {
    return this.state.seats[this.indexOf.get(player) ?? -1];
  }

  #takeInput(index: number, seat: Seat, tick: number): Controls | undefined {
    const boat = this.state.world.boats[index];
    const due = boat && takeDue(seat.inputs, tick, boat.controls);
    // `step` counts the one that it is given; the others were due at the same time and were folded into it.
    if (due) boat.inputsApplied += due.count - 1;
    return due?.controls;
  }

  #move(seat: Seat, event: SeatEvent): void {
    const before = seat.state.kind;
    seat.state = nextSeatState(seat.state, event);
    if ((before === "away") !== (seat.state.kind === "away")) this.#rosterChanged();
  }

  #vacate(index: number, seat: Seat): void {
    this.#reportScore(index, seat);
    this.state.seats[index] = null;
    this.indexOf.delete(seat.player);
    removeBoat(this.state.world, index);
    if (this.players === 0) this.state.emptySinceTick = this.tick;
    this.#crewChanged();
  }

  #reportScore(index: number, seat: Seat): void {
    const { boats, round } = this.state.world;
    const score = boats[index]?.score ?? 0;
    if (score > 0) this.hooks.score(this, { player: seat.player, name: seat.name, score, round });
  }

  /** A boat came or went. */
  #crewChanged(): void {
    this.recorder?.crew();
    this.#rosterChanged();
  }

  #rosterChanged(): void {
    this.state.rosterVersion += 1;
    this.rosterTeller.changed();
  }

  #tellRoster(): void {
    const news = this.rosterTeller.news(this.tick, () => this.roster);
    if (!news) return;
    if (this.waters === "arena") this.state.rosterToldVersion = this.state.rosterVersion;
    this.hooks.roster(this, news);
  }
}
