// A rectangle of the world, such as what the camera sees.

export interface WorldRect {
  xPx: number;
  yPx: number;
  widthPx: number;
  heightPx: number;
}

/** How far a point is outside, pixels; 0 within. */
export function outsidePx(rect: WorldRect, xPx: number, yPx: number): number {
  const dx = Math.max(rect.xPx - xPx, 0, xPx - rect.xPx - rect.widthPx);
  const dy = Math.max(rect.yPx - yPx, 0, yPx - rect.yPx - rect.heightPx);
  return Math.hypot(dx, dy);
}

/** Whether `inner` lies in `outer`, edges included. */
export function contains(outer: WorldRect, inner: WorldRect): boolean {
  return (
    inner.xPx >= outer.xPx &&
    inner.yPx >= outer.yPx &&
    inner.xPx + inner.widthPx <= outer.xPx + outer.widthPx &&
    inner.yPx + inner.heightPx <= outer.yPx + outer.heightPx
  );
}
