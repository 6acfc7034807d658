// The boats near the own one, as far as their next moments can be guessed: each goes on turning as it does. For the own boat to bounce off
// whom it meets in the tick in which it does, and not a round trip later. How they are drawn is another affair (interpolation.ts).

import type { BoatState, View, Waters } from "../../game/sim/index.ts";
import { BOAT_RADIUS, pushApart, TURN, UNITS_PER_PX } from "../../game/sim/index.ts";

/** Who is further away is not met within the time that the own boat is ahead. */
const NEAR = 250 * UNITS_PER_PX;
const TOUCHING = 2 * BOAT_RADIUS;

/** Who is near that seat's boat in a view. */
export function neighboursOf(view: View, seat: number): BoatState[] {
  const own = view.boats[seat];
  const isNear = (boat: BoatState) =>
    own !== null && own !== undefined && Math.hypot(boat.x - own.x, boat.y - own.y) < NEAR;
  return view.boats.filter(
    (boat, at): boat is BoatState => boat !== null && at !== seat && boat.hull > 0 && isNear(boat),
  );
}

/** The neighbours a tick later. `own`, which has moved already, is pushed off those that it meets, in place. */
export function stepNeighbours(own: BoatState, neighbours: readonly BoatState[], waters: Waters): BoatState[] {
  return neighbours.map((before) => {
    const boat = goneOn(before);
    const dx = boat.x - own.x;
    const dy = boat.y - own.y;
    if (own.hull > 0 && dx * dx + dy * dy < TOUCHING ** 2) pushApart(own, boat, dx, dy, waters);
    return boat;
  });
}

function goneOn(boat: BoatState): BoatState {
  const turned = (boat.turnRate / TURN) * 2 * Math.PI;
  const cos = Math.cos(turned);
  const sin = Math.sin(turned);
  const vx = Math.round(boat.vx * cos - boat.vy * sin);
  const vy = Math.round(boat.vy * cos + boat.vx * sin);
  return { ...boat, heading: (boat.heading + boat.turnRate) & (TURN - 1), vx, vy, x: boat.x + vx, y: boat.y + vy };
}
