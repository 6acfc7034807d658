// What one run measures, and the order in which it does. Pure.
import type { Transport } from "../common/dial.ts";

export const CONTESTANTS = ["ours", "nginx", "haproxy", "http-proxy-3"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export const PARTS = ["messages", "handshakes", "requests"] as const;
export type Part = (typeof PARTS)[number];

/** What is measured besides: the same traffic with nothing in between. */
export const DIRECT = "direct" as const;
export type Lane = ContestantName | typeof DIRECT;

export interface Plan {
  /** Of each single measurement. */
  readonly seconds: number;
  readonly rounds: number;
  readonly sockets: number;
  /** Messages per second, each way, per socket. */
  readonly rate: number;
  readonly only: readonly ContestantName[];
  readonly transports: readonly Transport[];
  readonly parts: readonly Part[];
  readonly profile: boolean;
  /** The root of the checkout that our load balancer is started from. */
  readonly checkout: string;
  /** Where logs, configurations and profiles go. */
  readonly home: string;
  readonly jsonFile: string;
}

export interface Heat {
  readonly round: number;
  readonly part: Part;
  readonly transport: Transport;
  readonly lane: Lane;
}

/** The game's rate, and the sockets that it is the default for: more of them share the same sum, so that cores stay idle. */
const GAME_RATE = 30;
const GAME_SOCKETS = 200;

export const perSocketRate = (sockets: number): number =>
  Math.max(1, Math.min(GAME_RATE, Math.floor((GAME_RATE * GAME_SOCKETS) / sockets)));

/** Everybody once, then everybody again: a machine that is slow for a minute is slow for all. */
export function heatsOf(plan: Plan, present: readonly ContestantName[]): Heat[] {
  const rounds = Array.from({ length: plan.rounds }, (_, index) => index + 1);
  return rounds.flatMap((round) =>
    plan.parts.flatMap((part) =>
      plan.transports.flatMap((transport) =>
        [DIRECT, ...present].map((lane: Lane): Heat => ({ round, part, transport, lane })),
      ),
    ),
  );
}
