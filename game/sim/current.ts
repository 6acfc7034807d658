// The tide: a slow, smooth stream without sources, parallel to the basin's walls. It carries boats; balls and pearls ignore it.

import { TURN } from "./constants.ts";
import { cosine, SINE_ONE, sine } from "./integer-maths.ts";
import type { Terrain } from "./terrain.ts";

export interface Vector {
  x: number;
  y: number;
}

/** A product of two sines, as one. */
const ONE = SINE_ONE * SINE_ONE;

/** Velocity of the water at a place, units a tick: whole numbers, at most about 20. */
export function currentAt(terrain: Terrain, x: number, y: number): Vector {
  const { width, height } = terrain.waters;
  let alongX = 0;
  let alongY = 0;
  for (const swirl of terrain.swirls) {
    const phaseX = Math.floor((x * swirl.wavesX * (TURN / 2)) / width);
    const phaseY = Math.floor((y * swirl.wavesY * (TURN / 2)) / height);
    // The curl of the stream function sin(x) sin(y).
    alongX += swirl.strength * sine(phaseX) * cosine(phaseY);
    alongY -= swirl.strength * cosine(phaseX) * sine(phaseY);
  }
  return { x: Math.floor(alongX / ONE + 0.5), y: Math.floor(alongY / ONE + 0.5) };
}
