// What the helper process with the players can be asked.
import type { Transport } from "../common/dial.ts";

/** Ways of a player's messages, each longer than the one before by one hop. */
export const WAYS = ["direct", "plain", "tls", "remote"] as const;
export type Way = (typeof WAYS)[number];

export interface Entrance {
  readonly port: number;
  readonly transport: Transport;
}

export interface RoomWanted {
  /** Of a room that there is. Without it the first player, who must come directly, has a new one made. */
  readonly code?: string;
  /** One for each player, in the order in which they join. */
  readonly ways: readonly Way[];
}

export interface SeatsWanted {
  readonly origin: string;
  readonly rooms: readonly RoomWanted[];
  readonly entrances: Readonly<Record<Way, Entrance>>;
}

export interface RoomSeated {
  readonly code: string;
  readonly owner: string;
  /** The servers that the players' connections are on, in the order in which they joined. */
  readonly gateways: readonly string[];
}

export interface Rhythm {
  /** Inputs a second of each player. */
  readonly rate: number;
  readonly fire: boolean;
  /** Round trips to the gateway a second of each player. */
  readonly pings: number;
}

/** What all players together have had since `begin`. */
export interface Tally {
  readonly players: number;
  readonly inputs: number;
  readonly snapshots: number;
  readonly bytesDown: number;
  /** Sending that was left out because the helper was too late, milliseconds. */
  readonly skippedMs: number;
}

export interface Latency {
  readonly samples: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface WayLatencies {
  /** After the first player with a direct connection had the same snapshot. */
  readonly snapshot: Latency;
  /** From its sending until a snapshot has arrived that shows it. */
  readonly input: Latency;
  readonly ping: Latency;
}

export type PlayersCalls = {
  seat: { argument: SeatsWanted; answer: readonly RoomSeated[] };
  play: { argument: Rhythm; answer: unknown };
  /** Zeroes the tally and the records; with `record` every time is noted from now on. */
  begin: { argument: { readonly record: boolean }; answer: unknown };
  tally: { argument: undefined; answer: Tally };
  /** Of what was recorded since `begin`. */
  latencies: { argument: undefined; answer: Readonly<Record<Way, WayLatencies>> };
  /** Everybody gives the seat up and hangs up. */
  leave: { argument: undefined; answer: unknown };
};
