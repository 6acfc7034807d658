// What an arena's listeners believe. Mostly it is the truth. In a crowd only some boats are told in each tick, those first about which the belief
// is most wrong; the others sail on as everybody expects of them (boat-codec), which costs one bit, until it is their turn.

import { boatStateOf } from "../sim/create-world.ts";
import { ARENA } from "../sim/waters.ts";
import type { BoatState, GameEvent, View } from "../sim/world.ts";
import { CELLS, cellAt } from "./area-cells.ts";
import { quotas, Savings } from "./area-quota.ts";
import { BitWriter } from "./bit-writer.ts";
import { expectedBoat, writeBoat } from "./boat-codec.ts";
import { AREA_BOAT_BITS_PER_TICK_MAX, AREA_EVENTS_PER_TICK_MAX, AREA_NO_CROWD_BOATS } from "./limits.ts";

/** How wrong it is to keep silent, in units of place: for a tick of waiting, a direction of the bow, another state. */
const WAITED = 64;
const HEADING_OFF = 2;
const STATE_OFF = 512;
/** More than any one boat costs, bits. */
const BOAT_BITS_SAVED_MAX = 512;
const EVENTS_SAVED_MAX = 2;

/** Events that are left out first when there are too many: what the eye misses least stands last. */
const COSMETIC: readonly GameEvent["type"][] = ["shot", "hit", "bounce"];

interface Candidate {
  seat: number;
  /** What they are told when it is the boat's turn, and what that costs. */
  told: BoatState;
  bits: number;
  /** How wrong the belief is, for each bit. */
  urgency: number;
}

/** Boats are written here to know what they cost. */
const scratch = new BitWriter();

export class Thinning {
  #heard: View | undefined;
  /** Whether boats wait for their turn, by cell; absent if nowhere. */
  #crowds: readonly boolean[] | undefined;
  readonly #boatBits = new Savings(BOAT_BITS_SAVED_MAX);
  readonly #events = new Savings(EVENTS_SAVED_MAX);
  /** Ticks for which each seat has waited for its turn. */
  readonly #waited: number[] = new Array(ARENA.seats).fill(0);

  /** What listeners believe after a tick. A boat that is told is the very object of `view`. */
  next(view: View, follows: boolean): View {
    const before = follows ? this.#heard : undefined;
    this.#crowds = undefined;
    this.#heard = before ? this.#thinned(before, view) : view;
    if (!before) this.#waited.fill(0);
    return this.#heard;
  }

  /**
   * What is told of a tick's events, by cell: an event is where its boat is. Pearls that come and go are seen without an event; of what only adds to the
   * picture, too much in one place is left out.
   */
  events(
    events: readonly GameEvent[],
    cellOf: readonly (number | undefined)[],
  ): ReadonlyMap<number, readonly GameEvent[]> {
    const byCell = new Map<number, GameEvent[]>();
    const counts: number[] = new Array(CELLS).fill(0);
    for (const event of events) {
      const cell = "boat" in event ? cellOf[event.boat] : undefined;
      if (cell === undefined) continue;
      const here = byCell.get(cell);
      if (here) here.push(event);
      else byCell.set(cell, [event]);
      if (this.#crowds?.[cell] && COSMETIC.includes(event.type)) counts[cell]! += 1;
    }
    const most = quotas(counts, AREA_EVENTS_PER_TICK_MAX);
    for (const [cell, here] of byCell) {
      if (counts[cell] === 0) continue;
      this.#events.add(cell, most[cell]!);
      byCell.set(
        cell,
        fewer(here, () => this.#events.spend(cell, 1)),
      );
    }
    return byCell;
  }

  #thinned(before: View, view: View): View {
    const counts: number[] = new Array(CELLS).fill(0);
    for (const boat of view.boats) if (boat) counts[cellAt(boat)]! += 1;
    const most = quotas(counts, AREA_NO_CROWD_BOATS);
    if (most.every((quota) => quota === Number.POSITIVE_INFINITY)) {
      this.#waited.fill(0);
      return view;
    }
    const boats = view.boats.slice();
    const crowds = most.map((quota) => quota !== Number.POSITIVE_INFINITY);
    this.#crowds = crowds;
    const candidates = this.#candidates(before, view, boats, (boat) => crowds[cellAt(boat)]!);
    const bits: number[] = new Array(CELLS).fill(0);
    for (const [cell, here] of candidates) for (const candidate of here) bits[cell]! += candidate.bits;
    const mostBits = quotas(bits, AREA_BOAT_BITS_PER_TICK_MAX);
    for (const [cell, here] of candidates) {
      here.sort((a, b) => b.urgency - a.urgency || a.seat - b.seat);
      this.#boatBits.add(cell, mostBits[cell]!);
      let isSaving = false;
      for (const { seat, told, bits, urgency } of here) {
        // Who sank or came back is told at once. What is saved for the most urgent is not spent on others.
        isSaving ||= urgency !== Number.POSITIVE_INFINITY && !this.#boatBits.spend(cell, bits);
        const isTold = !isSaving;
        this.#waited[seat] = isTold ? 0 : this.#waited[seat]! + 1;
        if (isTold) boats[seat] = told;
      }
    }
    return { ...view, boats };
  }

  /** Leaves boats in crowds as everybody expects them, in `boats`; answers, by cell, those that are not so. */
  #candidates(
    before: View,
    view: View,
    boats: View["boats"],
    isCrowded: (boat: BoatState) => boolean,
  ): Map<number, Candidate[]> {
    const candidates = new Map<number, Candidate[]>();
    for (const [seat, boat] of view.boats.entries()) {
      const known = before.boats[seat];
      if (!boat || !known || !isCrowded(boat)) continue;
      const expected = expectedBoat(known, 1, ARENA);
      boats[seat] = expected;
      const told = toldOf(expected, boat);
      scratch.reset();
      if (writeBoat(scratch, known, 1, told, ARENA)) continue;
      const bits = scratch.length;
      const urgency = (wrongness(expected, boat) + WAITED * this.#waited[seat]!) / bits;
      const here = candidates.get(cellAt(boat));
      if (here) here.push({ seat, told, bits, urgency });
      else candidates.set(cellAt(boat), [{ seat, told, bits, urgency }]);
    }
    return candidates;
  }
}

/** In a crowd a boat's gun and cargo are told only when it has fired or was hit: where it is and goes matters more. */
function toldOf(expected: BoatState, boat: BoatState): BoatState {
  const hasFired = boat.reload > expected.reload;
  if (hasFired || boat.hull !== expected.hull) return boat;
  const told = boatStateOf(expected);
  told.x = boat.x;
  told.y = boat.y;
  told.vx = boat.vx;
  told.vy = boat.vy;
  told.heading = boat.heading;
  told.turnRate = boat.turnRate;
  return told;
}

function wrongness(believed: BoatState, boat: BoatState): number {
  const isSunkOrBack = (believed.hull === 0) !== (boat.hull === 0);
  if (isSunkOrBack) return Number.POSITIVE_INFINITY;
  const isOther = believed.hull !== boat.hull || boat.reload > believed.reload;
  return (
    Math.abs(believed.x - boat.x) +
    Math.abs(believed.y - boat.y) +
    HEADING_OFF * Math.abs(believed.heading - boat.heading) +
    (isOther ? STATE_OFF : 0)
  );
}

/** Among the events those whose types stand first; the order of what is left stays. */
function fewer(events: readonly GameEvent[], isTold: () => boolean): GameEvent[] {
  const left = new Set<GameEvent>();
  for (const type of COSMETIC) for (const event of events) if (event.type === type && !isTold()) left.add(event);
  return events.filter((event) => !left.has(event));
}
