// What the points of a round are made of.

import { SCORE_PEARL, SCORE_SINKING } from "./constants.ts";
import type { BoatState } from "./world.ts";

/** To be called whenever a boat's pearls or sinkings changed. */
export function updateScore(boat: BoatState): void {
  boat.score = boat.pearls * SCORE_PEARL + boat.sinkings * SCORE_SINKING;
}
