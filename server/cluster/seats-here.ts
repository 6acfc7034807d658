// The players of one room whose sockets are on this gateway, and their latest inputs, kept until no owner can need them again.

import { decodeInput } from "../../game/protocol/index.ts";
import type { PlayerId, SeatRequest } from "../room/room-port.ts";
import { INPUT_RING_MAX, REPLAY_TICKS } from "./limits.ts";

export interface SeatHere {
  /** As it was asked for by the newest connection. */
  readonly request: SeatRequest;
  readonly seat: number;
  readonly inputs: KeptInput[];
}

interface KeptInput {
  readonly number: number;
  /** The tick that the input is for. */
  readonly tick: number;
  readonly frame: Uint8Array;
}

export class SeatsHere {
  readonly #seats = new Map<PlayerId, SeatHere>();

  get size(): number {
    return this.#seats.size;
  }

  /** A seat was granted; a newer connection of the same player takes over what is kept. */
  take(request: SeatRequest, seat: number): void {
    const inputs = this.#seats.get(request.player)?.inputs ?? [];
    this.#seats.set(request.player, { request, seat, inputs });
  }

  /** False if a newer connection has the seat. */
  gone(player: PlayerId, connection: string): boolean {
    return this.#seats.get(player)?.request.connection === connection && this.#seats.delete(player);
  }

  remove(player: PlayerId): void {
    this.#seats.delete(player);
  }

  connectionOf(player: PlayerId): string | undefined {
    return this.#seats.get(player)?.request.connection;
  }

  list(): SeatHere[] {
    return [...this.#seats.values()];
  }

  /** Keeps an input for another owner; the oldest goes when there are too many. */
  keep(player: PlayerId, frame: Uint8Array): void {
    const inputs = this.#seats.get(player)?.inputs;
    const input = inputs && decodeInput(frame);
    if (!input) return;
    if (inputs.length >= INPUT_RING_MAX) inputs.shift();
    inputs.push({ number: input.number, tick: input.tick, frame: frame.slice() });
  }

  /**
   * Inputs in the order of their arrival that a new owner may lack, when `newestTick` was seen last: since `nextInput` if the owner said so,
   * else all that its checkpoint may be too old for.
   */
  unsettled(player: PlayerId, newestTick: number, nextInput = 0): Uint8Array[] {
    const inputs = this.#seats.get(player)?.inputs ?? [];
    return inputs
      .filter(({ number, tick }) => number >= nextInput && tick > newestTick - REPLAY_TICKS)
      .map((input) => input.frame);
  }
}
