// The players, a process of its own: bare sockets in full rooms, each with an input of its own at each moment of the tick.
import { setTimeout as sleep } from "node:timers/promises";
import { TICK_RATE, watersOf } from "../../game/sim/index.ts";
import { mulberry } from "../common/mulberry.ts";
import { nowUs } from "../common/now.ts";
import { Samples } from "../common/samples.ts";
import { Wheel } from "../common/wheel.ts";
import { answerCalls } from "../common/worker-calls.ts";
import { newRoomMates } from "./dialects/dialect.ts";
import { isInMiddle } from "./gatherer.ts";
import type { GeneratorCalls, SeatsWanted, Tally } from "./generator-calls.ts";
import { Player, type Traffic } from "./player.ts";
import { recordTracks } from "./tracks.ts";

const SEED = 1;
const TICK_MS = 1;
/** For goodbyes to be read before the sockets are closed. */
const GOODBYE_MS = 200;

const tracks = recordTracks();
const intervals = new Samples();
let players: Player[] = [];
let room = newRoomMates();
let wheel: Wheel<Player> | undefined;
let ticker: NodeJS.Timeout | undefined;
let skippedBefore = 0;

async function open(wanted: SeatsWanted): Promise<void> {
  const turning = new Wheel<Player>(1_000 / TICK_RATE, mulberry(SEED));
  wheel = turning;
  const { seats } = watersOf(wanted.waters ?? "basin");
  // One after the other, so that rooms fill up one after the other.
  for (let index = 0; index < wanted.clients; index++) {
    if (index % seats === 0) room = newRoomMates();
    const player = new Player(index, tracks, room, intervalTimer());
    players.push(player);
    await player.join(wanted);
    turning.add(player);
  }
  ticker = setInterval(() => turning.advance(performance.now(), (player) => player.steer()), TICK_MS);
}

/** To be called for each snapshot of one player. */
function intervalTimer(): () => void {
  let lastUs: number | undefined;
  return () => {
    const us = nowUs();
    if (lastUs !== undefined) intervals.add(us - lastUs);
    lastUs = us;
  };
}

function begin(): void {
  intervals.clear();
  skippedBefore = wheel?.skippedSlots ?? 0;
  for (const player of players) player.begin();
}

function tally(): Tally {
  const each = players.map((player) => player.tally());
  const sum = (pick: (one: Traffic) => number) => each.reduce((all, one) => all + pick(one), 0);
  return {
    players: players.filter(({ isLost }) => !isLost).length,
    inputs: sum(({ inputs }) => inputs),
    snapshots: sum(({ snapshots }) => snapshots),
    bytesDown: sum(({ bytesDown }) => bytesDown),
    bytesUp: sum(({ bytesUp }) => bytesUp),
    bytesDownMax: Math.max(...each.map(({ bytesDown }) => bytesDown)),
    interval: intervals.summary(),
    skippedMs: (wheel?.skippedSlots ?? 0) - skippedBefore,
  };
}

function gather(): void {
  for (const player of players) player.gather();
}

const gathered = (): number => room.sightings.filter(isInMiddle).length / Math.max(1, room.sightings.length);

async function leave(): Promise<void> {
  clearInterval(ticker);
  const leaving = players;
  players = [];
  wheel = undefined;
  for (const player of leaving) player.leave();
  await sleep(GOODBYE_MS);
  for (const player of leaving) player.close();
}

answerCalls<GeneratorCalls>({ open, begin, tally, gather, gathered, leave });
