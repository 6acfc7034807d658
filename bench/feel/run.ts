// One row of the table: some measured players among bots in one room, over one network, for a while of virtual time.

import { condition, type NetConditions } from "../../client/net/conditioner.ts";
import { type Lessons, NORMAL } from "../../client/netcode/lessons.ts";
import { seededRandom, VirtualTime } from "../../client/netcode/testing/virtual-time.ts";
import { Basin } from "./basin.ts";
import { type Correction, MeasuredPlayer } from "./player.ts";
import { Record } from "./record.ts";
import type { Shot } from "./shots.ts";

const BOATS = 32;
/** Before anything is counted: clocks settle, bots come, boats meet. */
const SETTLE_MS = 6_000;
/** Between two looks at promises while players join. */
const JOIN_STEP_MS = 10;
/** A shot of the last moments is in the air still, or its hit on the way, milliseconds. */
const UNDECIDED_MS = 2_500;

export interface Game {
  seed: number;
  seconds: number;
  /** Measured players; the others of the 32 are bots. */
  players: number;
}

export interface Felt {
  corrections: readonly Correction[];
  shots: readonly Shot[];
  delaysMs: readonly number[];
  lagTicks: readonly number[];
  leadTicks: readonly number[];
  marginsTicks: readonly number[];
  guessErrorsPx: readonly number[];
  playerSeconds: number;
  /** Share of the frames in which others were drawn ahead of the newest snapshot. */
  guessedShare: number;
  ownLeapMaxPx: number;
  /** Of one boat. */
  otherLeapsPerSecond: number;
}

export async function play(game: Game, network: NetConditions, lessons: Partial<Lessons> = {}): Promise<Felt> {
  const { seed, seconds, players } = game;
  const time = new VirtualTime();
  const record = new Record(time);
  const basin = new Basin(time, seed, BOATS, record);
  for (let at = 0; at < players; at++) {
    const player = new MeasuredPlayer({
      ...{ name: `Sailor ${at}`, time, basin, random: seededRandom(seed * 1_000 + at), truth: record },
      network: condition(basin.dial, network, time, seededRandom(seed * 7_000 + at)),
      lessons: { ...NORMAL, ...lessons },
    });
    record.players.push(player);
    player.open(at / players);
  }
  for (let joinedMs = 0; joinedMs < SETTLE_MS; joinedMs += JOIN_STEP_MS) {
    time.advance(JOIN_STEP_MS);
    await Promise.resolve();
  }
  record.begin();
  time.advance(seconds * 1_000);
  basin.close();
  return feltBy(record, time.now(), seconds);
}

function feltBy({ players, marginsTicks }: Record, nowMs: number, seconds: number): Felt {
  const sum = (of: (player: MeasuredPlayer) => number) => players.reduce((total, player) => total + of(player), 0);
  const playerSeconds = seconds * players.length;
  const frames = sum((player) => player.frames);
  const otherSeconds = (sum((player) => player.otherFrames) / frames) * playerSeconds;
  return {
    corrections: players.flatMap((player) => player.corrections),
    shots: players.flatMap(({ shots }) => shots.all.filter((shot) => shot.firedAtMs < nowMs - UNDECIDED_MS)),
    delaysMs: players.flatMap((player) => player.delaysMs),
    lagTicks: players.flatMap((player) => player.lagTicks),
    leadTicks: players.flatMap((player) => player.leadTicks),
    marginsTicks,
    guessErrorsPx: players.flatMap((player) => player.guessErrorsPx),
    playerSeconds,
    guessedShare: sum((player) => player.framesGuessed) / frames,
    ownLeapMaxPx: Math.max(...players.map((player) => player.ownLeapMaxPx)),
    otherLeapsPerSecond: sum((player) => player.otherLeaps) / otherSeconds,
  };
}
