// Steers a boat to the middle of an arena by nothing but where it was sighted now and then: it sails straight until two sightings tell its
// course, turns by what the course is off, and sails straight again. In the middle it goes round in circles. Knows no world and no clock.
import {
  ARENA,
  CONTROL_STEPS,
  type Controls,
  MAX_TURN_RATE_PER_TICK,
  TURN,
  UNITS_PER_PX,
} from "../../game/sim/index.ts";

/** Inputs until the course holds after a turn, and until the second sighting. */
const SETTLED_INPUTS = 40;
const STRAIGHT_INPUTS = 100;
/** Who has come less far is aground. */
const AGROUND = 60 * UNITS_PER_PX;
/** The middle, units around the very middle: what a dozen boats side by side need. */
const MIDDLE = 400 * UNITS_PER_PX;

export interface Place {
  readonly x: number;
  readonly y: number;
}

const middle: Place = { x: ARENA.width / 2, y: ARENA.height / 2 };

export const isInMiddle = (place: Place): boolean => Math.hypot(place.x - middle.x, place.y - middle.y) <= 2 * MIDDLE;

export class Gatherer {
  #inputs = 0;
  #from: Place | undefined;
  #turningInputs = 0;
  #rudder = 0;

  /** For the coming input. */
  steer(place: Place | undefined): Pick<Controls, "throttle" | "rudder"> {
    if (place && Math.hypot(place.x - middle.x, place.y - middle.y) < MIDDLE) {
      this.#inputs = 0;
      return { throttle: 2, rudder: CONTROL_STEPS };
    }
    if (this.#turningInputs > 0) {
      this.#turningInputs -= 1;
      return { throttle: CONTROL_STEPS, rudder: this.#rudder };
    }
    this.#inputs += 1;
    if (this.#inputs === SETTLED_INPUTS) this.#from = place;
    if (this.#inputs >= STRAIGHT_INPUTS) this.#turn(place);
    return { throttle: CONTROL_STEPS, rudder: 0 };
  }

  #turn(place: Place | undefined): void {
    const from = this.#from;
    this.#inputs = 0;
    this.#from = undefined;
    if (!from || !place) return;
    const isAground = Math.hypot(place.x - from.x, place.y - from.y) < AGROUND;
    const course = Math.atan2(place.y - from.y, place.x - from.x);
    const wanted = Math.atan2(middle.y - place.y, middle.x - place.x);
    const off = isAground ? Math.PI / 2 : Math.atan2(Math.sin(wanted - course), Math.cos(wanted - course));
    this.#rudder = off > 0 ? CONTROL_STEPS : -CONTROL_STEPS;
    this.#turningInputs = Math.round(((Math.abs(off) / (2 * Math.PI)) * TURN) / MAX_TURN_RATE_PER_TICK);
  }
}
