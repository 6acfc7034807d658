// How loud, and from which side, a happening is heard. Pure.

/** Nothing is heard from further away, pixels. */
export const HEARING_PX = 900;
const NEAR_PX = 120;
const PAN_PX = 520;

export interface Ear {
  xPx: number;
  yPx: number;
}

/** 1 nearby … 0 out of hearing. */
export function loudnessAt(ear: Ear, xPx: number, yPx: number): number {
  const distance = Math.hypot(xPx - ear.xPx, yPx - ear.yPx);
  if (distance >= HEARING_PX) return 0;
  const share = 1 - Math.max(0, distance - NEAR_PX) / (HEARING_PX - NEAR_PX);
  return Math.min(1, share * share);
}

/** -1 left … 1 right. */
export function panAt(ear: Ear, xPx: number): number {
  return Math.max(-0.8, Math.min(0.8, (xPx - ear.xPx) / PAN_PX));
}
