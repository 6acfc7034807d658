// What one run measures, and the order in which it does. Pure.

export const CONTESTANTS = ["tidegate", "ws", "colyseus", "socket.io", "socket.io-msgpack"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export interface ServerPlan {
  /** Of each single measurement. */
  readonly seconds: number;
  readonly rounds: number;
  readonly clients: number;
  /** Before the first round, of each. */
  readonly warmUpSeconds: number;
  readonly only: readonly ContestantName[];
  readonly profile: boolean;
  /** The root of the checkout that Tidegate's server is built from. */
  readonly checkout: string;
  readonly jsonFile: string;
}

export interface Heat {
  readonly round: number;
  readonly name: ContestantName;
}

/** Everybody once, then everybody again, in turns of another first one: a machine that is slow for a minute is slow for all. */
export function heatsOf(rounds: number, present: readonly ContestantName[]): Heat[] {
  return Array.from({ length: rounds }, (_, index) => {
    const first = index % present.length;
    return [...present.slice(first), ...present.slice(0, first)].map((name) => ({ round: index + 1, name }));
  }).flat();
}
