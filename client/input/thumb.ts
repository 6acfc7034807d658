// The two thumbs of a touch screen: the left one points where to sail, the right one where to fire.

import type { Steering } from "./keyboard.ts";

export interface Thumb {
  originX: number;
  originY: number;
  x: number;
  y: number;
}

/** A thumb this far from where it came down asks for full speed, CSS pixels. */
export const THUMB_REACH_PX = 56;
const DEAD_PX = 9;
/** Turning further than this is done at low throttle, radians. */
const SHARP_TURN = 2;
const SHARP_THROTTLE = 0.45;
const RUDDER_GAIN = 1.7;

/** How far the thumb is drawn from its origin, at most THUMB_REACH_PX. */
export function thumbOffset(thumb: Thumb): { x: number; y: number; distancePx: number } {
  const x = thumb.x - thumb.originX;
  const y = thumb.y - thumb.originY;
  const distance = Math.hypot(x, y);
  const kept = distance > THUMB_REACH_PX ? THUMB_REACH_PX / distance : 1;
  return { x: x * kept, y: y * kept, distancePx: distance };
}

/** Turns the bow towards the thumb's direction; the distance is the throttle. */
export function steeringOfThumb(thumb: Thumb, heading: number): Pick<Steering, "throttle" | "rudder"> {
  const { x, y, distancePx } = thumbOffset(thumb);
  if (distancePx < DEAD_PX) return { throttle: 0, rudder: 0 };
  const off = turnTowards(heading, Math.atan2(y, x));
  const throttle = Math.min(1, distancePx / THUMB_REACH_PX);
  return {
    throttle: Math.abs(off) > SHARP_TURN ? throttle * SHARP_THROTTLE : throttle,
    rudder: Math.max(-1, Math.min(1, off * RUDDER_GAIN)),
  };
}

/** Direction of a dragged thumb, or undefined while it only taps. */
export function aimOfThumb(thumb: Thumb): number | undefined {
  const { x, y, distancePx } = thumbOffset(thumb);
  return distancePx < DEAD_PX * 1.6 ? undefined : Math.atan2(y, x);
}

/** The shorter way round from one direction to another, radians, -π … π. */
export function turnTowards(from: number, to: number): number {
  const turn = (to - from) % (Math.PI * 2);
  if (turn > Math.PI) return turn - Math.PI * 2;
  return turn < -Math.PI ? turn + Math.PI * 2 : turn;
}
