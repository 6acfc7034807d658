// The life of a seat: who holds it, and how long it is kept when nobody speaks for it. Times are ticks of the room.
//
//   connecting --voice/heard--> seated --lost--> away --voice--> seated
//        |                        |                |
//        +------- expired --------|----> away -----+--expired--> gone        leave: any --> gone

import { AWAY_MS } from "../../game/protocol/index.ts";
import { TICK_MS } from "../../game/sim/index.ts";

/** The connection that speaks for a seat; a newer one replaces it. */
interface Voice {
  connection: string;
  gateway: string;
  /** The one that it replaced by a ticket. That one still listens for a moment, and never becomes the voice again. */
  before?: string;
}

export type SeatState =
  /** Known, but no connection has spoken for it here yet: just made, or taken over from another owner. */
  | ({ kind: "connecting"; untilTick: number } & Voice)
  /** Somebody plays. */
  | ({ kind: "seated" } & Voice)
  /** The socket is gone; the boat waits for its owner. */
  | { kind: "away"; untilTick: number }
  /** The seat is free again. */
  | { kind: "gone" };

export type SeatEvent =
  | { kind: "voice"; connection: string; gateway: string; replaces?: string | undefined }
  | { kind: "heard" }
  | { kind: "lost"; connection: string; tick: number }
  | { kind: "taken-over"; tick: number }
  | { kind: "tick"; tick: number }
  | { kind: "left" };

/** How long a new owner waits for a sign of life before a seat counts as away. */
const CONNECTING_MS = 5_000;

export const AWAY_TICKS = Math.round(AWAY_MS / TICK_MS);
export const CONNECTING_TICKS = Math.round(CONNECTING_MS / TICK_MS);

/** What a seat is after an event; the same object when the event changes nothing. */
export function nextSeatState(state: SeatState, event: SeatEvent): SeatState {
  if (state.kind === "gone") return state;
  switch (event.kind) {
    case "voice":
      return state.kind === "away" ? seatedBy(event) : heardAgain(state, event);
    case "left":
      return { kind: "gone" };
    case "heard":
      if (state.kind !== "connecting") return state;
      return seatedBy({ ...state, replaces: state.before });
    case "lost":
      // An older connection's end says nothing about the one that took the seat over.
      if (state.kind === "away" || state.connection !== event.connection) return state;
      return { kind: "away", untilTick: event.tick + AWAY_TICKS };
    case "taken-over":
      if (state.kind !== "seated") return state;
      return { ...state, kind: "connecting", untilTick: event.tick + CONNECTING_TICKS };
    case "tick":
      return afterTick(state, event.tick);
  }
}

/** The connection that speaks for the seat, heard or not; none while its player is away. */
export function voiceOf(state: SeatState): string | undefined {
  return state.kind === "seated" || state.kind === "connecting" ? state.connection : undefined;
}

function heardAgain(state: Extract<SeatState, Voice>, event: Extract<SeatEvent, { kind: "voice" }>): SeatState {
  if (state.before === event.connection) return state;
  const isSame = state.connection === event.connection;
  return seatedBy({ ...event, replaces: event.replaces ?? (isSame ? state.before : undefined) });
}

function seatedBy({ connection, gateway, replaces }: Omit<Extract<SeatEvent, { kind: "voice" }>, "kind">): SeatState {
  return { kind: "seated", connection, gateway, ...(replaces !== undefined && { before: replaces }) };
}

function afterTick(state: Exclude<SeatState, { kind: "gone" }>, tick: number): SeatState {
  switch (state.kind) {
    case "seated":
      return state;
    case "connecting":
      return tick < state.untilTick ? state : { kind: "away", untilTick: tick + AWAY_TICKS };
    case "away":
      return tick < state.untilTick ? state : { kind: "gone" };
  }
}
