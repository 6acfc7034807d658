// The round's life cycle: `playing` for ROUND_TICKS, then `podium` for PODIUM_TICKS, then the next round in the same basin.
// On the podium boats still sail, but guns are silent, pearls stay and nothing hurts.

import { PODIUM_TICKS, ROUND_TICKS } from "./constants.ts";
import { refillPearls } from "./pearls.ts";
import { placeAfloat } from "./spawn.ts";
import type { GameEvent, World } from "./world.ts";

export function stepRound(world: World, events: GameEvent[]): void {
  if (world.tick < world.phaseEndsAtTick) return;
  switch (world.phase) {
    case "playing":
      world.phase = "podium";
      world.phaseEndsAtTick = world.tick + PODIUM_TICKS;
      world.balls.length = 0;
      events.push({ type: "round-end", round: world.round });
      break;
    case "podium":
      world.phase = "playing";
      world.phaseEndsAtTick = world.tick + ROUND_TICKS;
      world.round += 1;
      events.push({ type: "round-start", round: world.round });
      startOver(world, events);
      break;
    default:
      world.phase satisfies never;
  }
}

function startOver(world: World, events: GameEvent[]): void {
  world.history.length = 0;
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    if (!boat) continue;
    boat.pearls = 0;
    boat.score = 0;
    boat.sinkings = 0;
    boat.losses = 0;
    placeAfloat(world, boat);
    events.push({ type: "respawn", boat: index });
  }
  refillPearls(world, events);
}
