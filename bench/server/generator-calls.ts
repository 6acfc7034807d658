// What the helper process with the players can be asked.
import type { WatersKind } from "../../game/sim/index.ts";
import type { LatencySummary } from "../common/samples.ts";
import type { ContestantName } from "./plan.ts";

export interface SeatsWanted {
  readonly name: ContestantName;
  readonly port: number;
  readonly clients: number;
  /** Of the rooms; a basin unless given. Arenas there are at Tidegate only. */
  readonly waters?: WatersKind;
}

/** What all players together have had since `begin`. */
export interface Tally {
  readonly players: number;
  readonly inputs: number;
  readonly snapshots: number;
  /** Everything on the sockets, framing included. */
  readonly bytesDown: number;
  readonly bytesUp: number;
  /** Of the player who was sent most. */
  readonly bytesDownMax: number;
  /** Between two snapshots of a player. */
  readonly interval: LatencySummary;
  /** Sending that was left out because the helper was too late, milliseconds. */
  readonly skippedMs: number;
}

export type GeneratorCalls = {
  /** Everybody takes a seat and begins to play. */
  open: { argument: SeatsWanted; answer: unknown };
  begin: { argument: undefined; answer: unknown };
  tally: { argument: undefined; answer: Tally };
  /** From now on everybody in an arena makes for its middle. */
  gather: { argument: undefined; answer: unknown };
  /** The share of an arena's boats that are in its middle. */
  gathered: { argument: undefined; answer: number };
  /** Everybody gives the seat up and hangs up. */
  leave: { argument: undefined; answer: unknown };
};
