// The players, a process of its own: bare sockets in full rooms, each with an input of its own at each moment of the tick.
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_BOATS, TICK_RATE } from "../../game/sim/index.ts";
import { mulberry } from "../common/mulberry.ts";
import { nowUs } from "../common/now.ts";
import { Samples } from "../common/samples.ts";
import { Wheel } from "../common/wheel.ts";
import { answerCalls } from "../common/worker-calls.ts";
import { DIALECTS } from "./dialects/by-name.ts";
import type { RoomMates, Seat } from "./dialects/dialect.ts";
import type { GeneratorCalls, SeatsWanted, Tally } from "./generator-calls.ts";
import { playBack, recordTracks } from "./tracks.ts";

const SEED = 1;
const TICK_MS = 1;
/** For goodbyes to be read before the sockets are closed. */
const GOODBYE_MS = 200;
/** Rooms do not all fight the same fight. */
const ROOM_OFFSET_INPUTS = 137;

class Player {
  readonly #index: number;
  #seat: Seat | undefined;
  #lastUs: number | undefined;
  #inputs = 0;
  #snapshots = 0;
  #isLost = false;
  #before = { inputs: 0, snapshots: 0, bytesDown: 0, bytesUp: 0 };

  constructor(index: number) {
    this.#index = index;
  }

  async join({ name, port }: SeatsWanted, room: RoomMates): Promise<void> {
    this.#seat = await DIALECTS[name](port, room, {
      snapshot: () => this.#heard(),
      closed: () => {
        this.#isLost = true;
      },
    });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  steer(): void {
    if (this.#isLost) return;
    const offset = Math.floor(this.#index / MAX_BOATS) * ROOM_OFFSET_INPUTS;
    this.#seat!.input(playBack(tracks, this.#index, offset + this.#inputs));
    this.#inputs += 1;
  }

  begin(): void {
    this.#before = this.#counts();
  }

  /** Since `begin`. */
  tally() {
    const now = this.#counts();
    const before = this.#before;
    return {
      inputs: now.inputs - before.inputs,
      snapshots: now.snapshots - before.snapshots,
      bytesDown: now.bytesDown - before.bytesDown,
      bytesUp: now.bytesUp - before.bytesUp,
    };
  }

  leave(): void {
    if (!this.#isLost) this.#seat?.leave();
  }

  close(): void {
    this.#seat?.close();
  }

  #counts() {
    const { bytesRead, bytesWritten } = this.#seat!.socket;
    return { inputs: this.#inputs, snapshots: this.#snapshots, bytesDown: bytesRead, bytesUp: bytesWritten };
  }

  #heard(): void {
    const us = nowUs();
    if (this.#lastUs !== undefined) intervals.add(us - this.#lastUs);
    this.#lastUs = us;
    this.#snapshots += 1;
  }
}

const tracks = recordTracks();
const intervals = new Samples();
let players: Player[] = [];
let wheel: Wheel<Player> | undefined;
let ticker: NodeJS.Timeout | undefined;
let skippedBefore = 0;

async function open(wanted: SeatsWanted): Promise<void> {
  const turning = new Wheel<Player>(1_000 / TICK_RATE, mulberry(SEED));
  wheel = turning;
  let room: RoomMates = { tick: 0, code: undefined };
  // One after the other, so that rooms fill up one after the other.
  for (let index = 0; index < wanted.clients; index++) {
    if (index % MAX_BOATS === 0) room = { tick: 0, code: undefined };
    const player = new Player(index);
    players.push(player);
    await player.join(wanted, room);
    turning.add(player);
  }
  ticker = setInterval(() => turning.advance(performance.now(), (player) => player.steer()), TICK_MS);
}

function begin(): void {
  intervals.clear();
  skippedBefore = wheel?.skippedSlots ?? 0;
  for (const player of players) player.begin();
}

function tally(): Tally {
  const each = players.map((player) => player.tally());
  const sum = (pick: (one: ReturnType<Player["tally"]>) => number) => each.reduce((all, one) => all + pick(one), 0);
  return {
    players: players.filter(({ isLost }) => !isLost).length,
    inputs: sum(({ inputs }) => inputs),
    snapshots: sum(({ snapshots }) => snapshots),
    bytesDown: sum(({ bytesDown }) => bytesDown),
    bytesUp: sum(({ bytesUp }) => bytesUp),
    interval: intervals.summary(),
    skippedMs: (wheel?.skippedSlots ?? 0) - skippedBefore,
  };
}

async function leave(): Promise<void> {
  clearInterval(ticker);
  const leaving = players;
  players = [];
  wheel = undefined;
  for (const player of leaving) player.leave();
  await sleep(GOODBYE_MS);
  for (const player of leaving) player.close();
}

answerCalls<GeneratorCalls>({ open, begin, tally, leave });
