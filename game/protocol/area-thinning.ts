// What an arena's listeners believe. Mostly it is the truth. In a crowd only some boats are told in each tick, those first about which the belief
// is most wrong; the others sail on as everybody expects of them (boat-codec), which costs one bit, until it is their turn.

import { ARENA } from "../sim/waters.ts";
import type { BoatState, GameEvent, View } from "../sim/world.ts";
import { CELLS, cellAt } from "./area-cells.ts";
import { quotas } from "./area-quota.ts";
import { expectedBoat, isSameBoat } from "./boat-codec.ts";
import { AREA_BOATS_PER_TICK_MAX, AREA_EVENTS_PER_TICK_MAX } from "./limits.ts";

/** How wrong it is to keep silent, in units of place: for a tick of waiting, a step of the gun, a direction of the bow, another state. */
const WAITED = 64;
const AIM_OFF = 8;
const HEADING_OFF = 2;
const STATE_OFF = 512;

/** Events that are left out first when there are too many: what the eye misses least stands last. */
const COSMETIC: readonly GameEvent["type"][] = ["shot", "hit", "bounce"];

interface Candidate {
  seat: number;
  wrong: number;
}

export class Thinning {
  #heard: View | undefined;
  /** Ticks for which each seat has waited for its turn. */
  readonly #waited: number[] = new Array(ARENA.seats).fill(0);

  /** What listeners believe after a tick. A boat that is told is the very object of `view`. */
  next(view: View, follows: boolean): View {
    const before = follows ? this.#heard : undefined;
    this.#heard = before ? this.#thinned(before, view) : view;
    if (!before) this.#waited.fill(0);
    return this.#heard;
  }

  #thinned(before: View, view: View): View {
    const counts: number[] = new Array(CELLS).fill(0);
    for (const boat of view.boats) if (boat) counts[cellAt(boat)]! += 1;
    const most = quotas(counts, AREA_BOATS_PER_TICK_MAX);
    if (most.every((quota) => quota === Number.POSITIVE_INFINITY)) {
      this.#waited.fill(0);
      return view;
    }
    const boats = view.boats.slice();
    const candidates = new Map<number, Candidate[]>();
    for (let seat = 0; seat < boats.length; seat++) {
      const boat = boats[seat];
      const known = before.boats[seat];
      if (!boat || !known || most[cellAt(boat)] === Number.POSITIVE_INFINITY) continue;
      const expected = expectedBoat(known, view.tick - before.tick, ARENA);
      if (isSameBoat(expected, boat)) continue;
      boats[seat] = expected;
      const here = candidates.get(cellAt(boat));
      const candidate = { seat, wrong: wrongness(expected, boat) + WAITED * this.#waited[seat]! };
      if (here) here.push(candidate);
      else candidates.set(cellAt(boat), [candidate]);
    }
    for (const [cell, here] of candidates) {
      here.sort((a, b) => b.wrong - a.wrong || a.seat - b.seat);
      for (const [rank, { seat }] of here.entries()) {
        const isTold = rank < most[cell]!;
        this.#waited[seat] = isTold ? 0 : this.#waited[seat]! + 1;
        if (isTold) boats[seat] = view.boats[seat]!;
      }
    }
    return { ...view, boats };
  }
}

function wrongness(believed: BoatState, boat: BoatState): number {
  const isSunkOrBack = (believed.hull === 0) !== (boat.hull === 0);
  if (isSunkOrBack) return Number.POSITIVE_INFINITY;
  const isOther = believed.hull !== boat.hull || believed.reload !== boat.reload || believed.pearls !== boat.pearls;
  return (
    Math.abs(believed.x - boat.x) +
    Math.abs(believed.y - boat.y) +
    HEADING_OFF * Math.abs(believed.heading - boat.heading) +
    AIM_OFF * Math.abs(believed.aim - boat.aim) +
    (isOther ? STATE_OFF : 0)
  );
}

/**
 * What is told of a tick's events, by cell: an event is where its boat is. Pearls that come and go are seen without an event; of what only adds to the
 * picture, too much in one place is left out.
 */
export function eventsByCell(events: readonly GameEvent[], heard: View): ReadonlyMap<number, readonly GameEvent[]> {
  const byCell = new Map<number, GameEvent[]>();
  const counts: number[] = new Array(CELLS).fill(0);
  for (const event of events) {
    const boat = "boat" in event ? heard.boats[event.boat] : undefined;
    if (!boat) continue;
    const cell = cellAt(boat);
    const here = byCell.get(cell);
    if (here) here.push(event);
    else byCell.set(cell, [event]);
    if (COSMETIC.includes(event.type)) counts[cell]! += 1;
  }
  const most = quotas(counts, AREA_EVENTS_PER_TICK_MAX);
  for (const [cell, here] of byCell) if (counts[cell]! > most[cell]!) byCell.set(cell, fewer(here, most[cell]!));
  return byCell;
}

/** The order of what is left stays. */
function fewer(events: readonly GameEvent[], most: number): GameEvent[] {
  const cosmetic = COSMETIC.flatMap((type) => events.filter((event) => event.type === type));
  const left = new Set(cosmetic.slice(most));
  return events.filter((event) => !left.has(event));
}
