// Where the newest snapshot has the boats, beside where they are drawn: the own one ahead of it, the others behind.

import type { BoatState, View } from "../../game/sim/index.ts";
import { TICK_MS, UNITS_PER_PX } from "../../game/sim/index.ts";
import { poseAfter } from "./pose.ts";
import type { RenderGhost } from "./render-state.ts";

/** `drawn`: the ticks at which boats are drawn; `predicted`: the own boat from the snapshot's tick on, tick by tick. */
export function ghostsOf(
  newest: View,
  ownSeat: number,
  drawn: { ownTick: number; othersTick: number },
  predicted: readonly BoatState[],
): RenderGhost[] {
  const ghosts: RenderGhost[] = [];
  for (const [seat, boat] of newest.boats.entries()) {
    if (!boat || boat.hull === 0) continue;
    const own = seat === ownSeat;
    const { xPx, yPx, heading } = poseAfter(boat, 0);
    const aheadMs = ((own ? drawn.ownTick : drawn.othersTick) - newest.tick) * TICK_MS;
    const path = own ? predicted.map(({ x, y }) => ({ xPx: x / UNITS_PER_PX, yPx: y / UNITS_PER_PX })) : [];
    ghosts.push({ seat, own, xPx, yPx, heading, aheadMs, path });
  }
  return ghosts;
}
