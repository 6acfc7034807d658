// Taking a seat: who may, which one it is, and whose place it was until now. Changes the room's state; tells nobody.

import type { RefusalCode } from "../../game/protocol/index.ts";
import { addBoat } from "../../game/sim/index.ts";
import { removeBot } from "./bots.ts";
import type { SeatRequest, SeatVoice, ServerId } from "./room-port.ts";
import { createSeat, freeIndexOf, type RoomState, type Seat, seatIndexOf } from "./room-state.ts";
import { nextSeatState, type SeatEvent, voiceOf } from "./seat-state.ts";

export interface SeatTaken {
  index: number;
  seat: Seat;
  /** The player had it already. */
  resumed: boolean;
  /** The connection that was the seat's voice until now, if another one was. */
  replaced: string | null;
  rosterChanged: boolean;
}

export function takeSeat(state: RoomState, request: SeatRequest): SeatTaken | RefusalCode {
  const known = seatIndexOf(state, request.player);
  const held = state.seats[known];
  if (request.replaces !== undefined && !(held && mayReplace(held, request))) return "bad-ticket";
  const { connection, gateway, replaces } = request;
  const newVoice: SeatEvent = { kind: "voice", connection, gateway, replaces };
  if (held) {
    const rosterChanged = held.name !== request.name || held.state.kind === "away";
    const voice = voiceOf(held.state);
    held.name = request.name;
    held.state = nextSeatState(held.state, newVoice);
    const replaced = voice === undefined || voice === voiceOf(held.state) ? null : voice;
    return { index: known, seat: held, resumed: true, replaced, rosterChanged };
  }
  let index = freeIndexOf(state);
  // Bots leave one a tick; people who all come in one tick do not have to wait for that.
  if (index === -1 && removeBot(state)) index = freeIndexOf(state);
  if (index === -1) return "room-full";
  const seat = createSeat(request.player, request.name, { kind: "seated", connection, gateway });
  state.seats[index] = seat;
  state.emptySinceTick = null;
  addBoat(state.world, index, { bot: false });
  return { index, seat, resumed: false, replaced: null, rosterChanged: true };
}

/**
 * A ticket is good until its connection, and whichever took over from that by a ticket, are the voice no more: whoever was moved to a server
 * that died at once comes back to the connection before, and is moved again. A seat that no connection has spoken for since the room came to
 * its owner may name one from before.
 */
function mayReplace({ state }: Seat, { connection, replaces }: SeatRequest): boolean {
  const voice = voiceOf(state);
  if (voice === undefined || voice === connection || state.kind === "connecting") return true;
  return replaces === voice || (state.kind === "seated" && replaces === state.before);
}

/** Of those who are not away. */
export function voicesOf({ seats }: RoomState): SeatVoice[] {
  return seats.flatMap((seat) => {
    if (!seat || !("connection" in seat.state)) return [];
    const { connection, gateway } = seat.state;
    const nextInput = seat.inputs.missing[0] ?? seat.inputs.received + 1;
    return [{ player: seat.player, connection, gateway: gateway as ServerId, nextInput }];
  });
}
