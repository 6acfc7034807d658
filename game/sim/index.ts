// The rules of the game: what a world is and what one tick does to it. No clock, no randomness but the world's, no I/O.

export { BOAT_RADIUS, neutralControls, stepBoat } from "./boat-motion.ts";
export { botControls } from "./bot-controls.ts";
export { pushApart } from "./collisions.ts";
export * from "./constants.ts";
export { boatStateOf, createWorld, viewOf } from "./create-world.ts";
export { currentAt, type Vector } from "./current.ts";
export { type BallFate, ballFrom, type Muzzle, muzzleOf, stepBall, tryFire } from "./gun.ts";
export { hashWorld } from "./hash-world.ts";
export { aimOf, cosine, directionOf, directionOfAim, SINE_ONE, sine, turnBetween } from "./integer-maths.ts";
export { addBoat, removeBoat } from "./spawn.ts";
export { step } from "./step.ts";
export { type Surroundings, surroundingsOf } from "./surroundings.ts";
export {
  type Circle,
  type Island,
  isOpenWater,
  type Swirl,
  type Terrain,
  terrainOf,
} from "./terrain.ts";
export { ARENA, BASIN, type Waters, type WatersKind, watersOf } from "./waters.ts";
export type {
  Ball,
  Boat,
  BoatState,
  Controls,
  GameEvent,
  Pearl,
  Phase,
  StepInputs,
  View,
  World,
} from "./world.ts";
