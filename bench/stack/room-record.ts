// What happened in one room while it was listened to, and the latencies that can be read off it afterwards. While it runs only times are
// noted; what takes long (decoding) is done at the end, so that it delays nobody's message.
//
// Each input's aim is the low byte of its number. A boat's aim comes back in every snapshot, so the first snapshot that shows an input
// is found without a word from the server:
//
//   input 300 (aim 44) sent ──▶ … ──▶ tick 901: aim 43 ──▶ tick 902: aim 44, arrived: 300 is shown
import { decodeSnapshot } from "../../game/protocol/index.ts";
import { AIM_STEPS, type View } from "../../game/sim/index.ts";

export interface SentInput {
  readonly number: number;
  readonly us: number;
}

export interface PlayerRecord {
  readonly seat: number;
  /** When each tick's snapshot was read, microseconds. */
  readonly arrivals: Map<number, number>;
  readonly inputs: SentInput[];
  /** Round trips to the gateway, microseconds. */
  readonly pings: number[];
}

export const newPlayerRecord = (seat: number): PlayerRecord => ({ seat, arrivals: new Map(), inputs: [], pings: [] });

/** The aim that an input is given. */
export const aimOfInput = (number: number): number => number % AIM_STEPS;

/** The views of one listener's frames, from the first keyframe on; a delta to a view that it does not have is passed over. */
export function viewsOf(frames: readonly Uint8Array[]): View[] {
  const views: View[] = [];
  for (const frame of frames) {
    const base = views.at(-1);
    try {
      views.push(decodeSnapshot(frame, base).view);
    } catch (error) {
      if (base) throw error; // within a stream that has begun nothing may be missing
    }
  }
  return views;
}

/** How long after it was first heard by any of `first` each snapshot reached the player, microseconds. */
export function snapshotDelays(player: PlayerRecord, first: readonly PlayerRecord[]): number[] {
  const delays: number[] = [];
  for (const [tick, us] of player.arrivals) {
    const firstUs = Math.min(...first.map(({ arrivals }) => arrivals.get(tick) ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(firstUs)) delays.push(us - firstUs);
  }
  return delays;
}

/** How long it took from each input's sending, once there were views, until a snapshot had arrived that shows it, microseconds. */
export function inputDelays({ seat, arrivals, inputs: all }: PlayerRecord, views: readonly View[]): number[] {
  const delays: number[] = [];
  const beganUs = arrivals.get(views[0]?.tick ?? Number.NaN) ?? Number.POSITIVE_INFINITY;
  const inputs = all.filter(({ us }) => us > beganUs);
  const [first] = inputs;
  if (!first) return delays;
  let shown = first.number - 1;
  let next = 0;
  for (const view of views) {
    const us = arrivals.get(view.tick);
    const aim = view.boats[seat]?.aim;
    if (us === undefined || aim === undefined || us < first.us) continue;
    const ahead = (aim - aimOfInput(shown) + AIM_STEPS) % AIM_STEPS;
    if (ahead > AIM_STEPS / 2) continue; // an input from before the first one still steers
    shown += ahead;
    for (; next < inputs.length && inputs[next]!.number <= shown; next++) delays.push(us - inputs[next]!.us);
  }
  return delays;
}
