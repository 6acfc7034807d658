// Where a moving point first meets a disc. Floating point, but only with operations that every engine rounds alike.

/**
 * Share of the way from (x, y) along (dx, dy) after which the point is inside the disc, 0 … 1; 0 when it starts inside,
 * `undefined` when it never gets there.
 */
export function firstContact(
  x: number,
  y: number,
  dx: number,
  dy: number,
  discX: number,
  discY: number,
  radius: number,
): number | undefined {
  const fromX = x - discX;
  const fromY = y - discY;
  const gap = fromX * fromX + fromY * fromY - radius * radius;
  if (gap <= 0) return 0;
  const approach = fromX * dx + fromY * dy;
  if (approach >= 0) return undefined;
  const length = dx * dx + dy * dy;
  const inside = approach * approach - length * gap;
  if (inside < 0) return undefined;
  const share = (-approach - Math.sqrt(inside)) / length;
  return share <= 1 ? share : undefined;
}
