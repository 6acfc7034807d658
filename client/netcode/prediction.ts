// The own boat, ahead of the server: stepped with the server's own function from the controls that were sent, tick by tick, and stepped
// again from the server's word when that differs. Other boats are guessed as far as the own one may run into them (neighbours.ts).

import type { BoatState, Controls, Muzzle, Terrain } from "../../game/sim/index.ts";
import { stepBoat, tryFire } from "../../game/sim/index.ts";
import { stepNeighbours } from "./neighbours.ts";

/** Past states and controls that are kept, ticks. */
const HISTORY_TICKS = 64;
/** Neighbours that the server has not spoken of for longer than this are anywhere, ticks. */
const NEIGHBOURS_KNOWN_TICKS = 30;

/** Whether guns fire in a tick; they are silent on the podium. */
export type GunsSpeak = (tick: number) => boolean;

interface Entry {
  tick: number;
  controls: Controls;
  /** After the tick. */
  boat: BoatState;
  neighbours: readonly BoatState[];
}

/** The own boat at the newest predicted tick, before and after the server's word came in. */
export interface Rebase {
  before: BoatState;
  after: BoatState;
}

export class Prediction {
  #entries: Entry[] = [];
  #neighboursAtTick = 0;

  /** The newest predicted tick. */
  get tick(): number | undefined {
    return this.#entries.at(-1)?.tick;
  }

  get boat(): BoatState | undefined {
    return this.#entries.at(-1)?.boat;
  }

  /** The boat one tick after the newest if these controls are held: what is drawn lies between the two, so a key shows at once. */
  ahead(controls: Controls, terrain: Terrain): BoatState | undefined {
    const last = this.#entries.at(-1);
    if (!last) return undefined;
    return this.#next(last, controls, terrain).boat;
  }

  /** The predicted states after `fromTick` and up to `toTick`, oldest first. */
  between(fromTick: number, toTick: number): BoatState[] {
    return this.#entries.filter(({ tick }) => tick > fromTick && tick <= toTick).map(({ boat }) => boat);
  }

  /** Begins at a state that the server gave. */
  start(tick: number, boat: BoatState, controls: Controls): void {
    this.#entries = [{ tick, controls, boat: { ...boat }, neighbours: [] }];
  }

  stop(): void {
    this.#entries = [];
  }

  /** Predicts the next tick; returns the muzzle if the boat fired. */
  step(controls: Controls, terrain: Terrain, guns: GunsSpeak): Muzzle | undefined {
    const last = this.#entries.at(-1);
    if (!last) return undefined;
    const entry = this.#next(last, controls, terrain);
    const muzzle = guns(entry.tick) ? tryFire(entry.boat, controls, terrain.waters) : undefined;
    this.#entries.push(entry);
    if (this.#entries.length > HISTORY_TICKS) this.#entries.shift();
    return muzzle;
  }

  /**
   * Takes the server's state of the boat after `tick`, and of those near it; steps again what came after if the prediction was wrong or
   * somebody is near. Begins anew and returns `undefined` when that tick is not remembered (a pause, a hidden tab).
   */
  rebase(
    tick: number,
    boat: BoatState,
    terrain: Terrain,
    guns: GunsSpeak,
    neighbours: readonly BoatState[] = [],
  ): Rebase | undefined {
    const before = this.boat;
    if (!before) return undefined;
    const at = this.#entries.findIndex((entry) => entry.tick === tick);
    const predicted = this.#entries[at];
    if (!predicted) {
      this.start(tick, boat, this.#entries.at(-1)!.controls);
      return undefined;
    }
    const wasAlone = this.#entries.every((entry) => entry.neighbours.length === 0);
    const isSame = movesAlike(predicted.boat, boat) && wasAlone && neighbours.length === 0;
    predicted.boat = { ...boat };
    predicted.neighbours = neighbours;
    this.#neighboursAtTick = tick;
    this.#entries.splice(0, at);
    if (!isSame) this.#replay(terrain, guns);
    return { before, after: this.boat! };
  }

  #replay(terrain: Terrain, guns: GunsSpeak): void {
    for (let at = 1; at < this.#entries.length; at++) {
      const { controls } = this.#entries[at]!;
      const entry = this.#next(this.#entries[at - 1]!, controls, terrain);
      if (guns(entry.tick)) tryFire(entry.boat, controls, terrain.waters);
      this.#entries[at] = entry;
    }
  }

  #next({ tick, boat: before, neighbours }: Entry, controls: Controls, terrain: Terrain): Entry {
    const boat = { ...before };
    stepBoat(boat, controls, terrain);
    const isKnown = tick - this.#neighboursAtTick < NEIGHBOURS_KNOWN_TICKS;
    const met = isKnown ? stepNeighbours(boat, neighbours, terrain.waters) : [];
    return { tick: tick + 1, controls, boat, neighbours: met };
  }
}

/** Equal in everything that the next step depends on. */
function movesAlike(a: BoatState, b: BoatState): boolean {
  return (
    a.x === b.x &&
    a.y === b.y &&
    a.vx === b.vx &&
    a.vy === b.vy &&
    a.heading === b.heading &&
    a.turnRate === b.turnRate &&
    a.reload === b.reload &&
    a.respawnIn === b.respawnIn &&
    a.protectedFor === b.protectedFor &&
    (a.hull === 0) === (b.hull === 0)
  );
}
