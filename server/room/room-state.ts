// Everything that a room *is*: plain data that goes into a checkpoint as a whole. What is not in here does not survive a move.

import type { Roster } from "../../game/protocol/index.ts";
import type { World } from "../../game/sim/index.ts";
import { type ArrivalRecord, createArrivalRecord } from "./arrival-report.ts";
import { createInputQueue, type InputQueue } from "./input-queue.ts";
import type { PlayerId } from "./room-port.ts";
import type { SeatState } from "./seat-state.ts";

/** A person's place in a room; its index is the boat's. */
export interface Seat {
  player: PlayerId;
  name: string;
  state: SeatState;
  inputs: InputQueue;
  arrival: ArrivalRecord;
}

export interface RoomState {
  world: World;
  /** As many as the world has places for boats. */
  seats: (Seat | null)[];
  /** Names of the bots by boat. */
  bots: (string | null)[];
  /** Grows with every change of the roster. */
  rosterVersion: number;
  /** The version that an arena's players were told last; their next owner goes on from there. */
  rosterToldVersion: number;
  /** Since which tick nobody is seated or away; `null` while somebody is. */
  emptySinceTick: number | null;
}

export function createRoomState(world: World): RoomState {
  return {
    world,
    seats: new Array<Seat | null>(world.boats.length).fill(null),
    bots: new Array<string | null>(world.boats.length).fill(null),
    rosterVersion: 1,
    rosterToldVersion: 0,
    emptySinceTick: world.tick,
  };
}

export function createSeat(player: PlayerId, name: string, state: SeatState): Seat {
  return { player, name, state, inputs: createInputQueue(), arrival: createArrivalRecord() };
}

export function seatIndexOf(state: RoomState, player: PlayerId): number {
  return state.seats.findIndex((seat) => seat?.player === player);
}

export function seatsByPlayer(state: RoomState): Map<PlayerId, number> {
  return new Map(state.seats.flatMap((seat, index) => (seat ? [[seat.player, index] as const] : [])));
}

/** The lowest index with neither person nor bot, or -1. */
export function freeIndexOf(state: RoomState): number {
  return state.seats.findIndex((seat, index) => seat === null && state.bots[index] === null);
}

export function countPeople(state: RoomState): number {
  return state.seats.reduce((count, seat) => count + (seat ? 1 : 0), 0);
}

export function rosterOf(state: RoomState): Roster {
  const roster: Roster = { version: state.rosterVersion, seats: [] };
  for (let index = 0; index < state.seats.length; index++) {
    const seat = state.seats[index];
    const bot = state.bots[index];
    if (seat) {
      const away = seat.state.kind === "away";
      roster.seats.push({ seat: index, name: seat.name, bot: false, away });
    } else if (bot) {
      roster.seats.push({ seat: index, name: bot, bot: true, away: false });
    }
  }
  return roster;
}
