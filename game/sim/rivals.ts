// How near to each boat the bots are that may be after it. Looked for once in a tick, however many ask: in a crowd everybody asks about everybody.

import { lengthOf } from "./integer-maths.ts";
import type { PlaceGrid } from "./place-grid.ts";
import type { World } from "./world.ts";

interface Rival {
  index: number;
  /** Units. */
  distance: number;
}

export class Rivals {
  readonly #world: World;
  readonly #boats: PlaceGrid;
  readonly #reach: number;
  readonly #kept: number;
  /** By the boat they are near to, the nearest first. */
  readonly #nearest: (readonly Rival[] | undefined)[] = [];

  /** Knows bots within `reach` (units) of a boat, and tells up to `most` of them apart. Nothing may move as long as it is asked. */
  constructor(world: World, boats: PlaceGrid, reach: number, most: number) {
    this.#world = world;
    this.#boats = boats;
    this.#reach = reach;
    this.#kept = most + 1; // who asks may be one of them
  }

  /** Whether `count` bots afloat, or more, are nearer to the boat than `distance`, which is within reach; who asks and the boat itself are none. */
  areNearer(count: number, boat: number, distance: number, asker: number): boolean {
    this.#nearest[boat] ??= this.#near(boat);
    let nearer = 0;
    for (const rival of this.#nearest[boat]) {
      if (rival.distance >= distance) return false;
      if (rival.index !== asker) nearer += 1;
      if (nearer >= count) return true;
    }
    return false;
  }

  #near(boat: number): readonly Rival[] {
    const { x, y } = this.#world.boats[boat]!;
    const nearest: Rival[] = [];
    for (const index of this.#boats.near(x, y, this.#reach)) {
      const other = this.#world.boats[index];
      if (!other?.bot || index === boat || other.hull === 0) continue;
      const distance = lengthOf(other.x - x, other.y - y);
      let at = nearest.length;
      while (at > 0 && nearest[at - 1]!.distance > distance) at--;
      if (at >= this.#kept) continue;
      nearest.splice(at, 0, { index, distance });
      if (nearest.length > this.#kept) nearest.pop();
    }
    return nearest;
  }
}
