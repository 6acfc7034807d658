// From the basin to the minimap's pixels. Pure.

export interface MapFrame {
  /** CSS pixels. */
  width: number;
  height: number;
  /** Canvas pixels for one CSS pixel. */
  pixelRatio: number;
  /** CSS pixels for one pixel of the basin. */
  scale: number;
}

export function mapFrame(basin: { widthPx: number; heightPx: number }, width: number, pixelRatio: number): MapFrame {
  const scale = width / basin.widthPx;
  return { width, height: basin.heightPx * scale, pixelRatio, scale };
}

/** Points outside the basin stay at its edge. */
export function toMap(frame: MapFrame, xPx: number, yPx: number): { x: number; y: number } {
  return {
    x: Math.min(frame.width, Math.max(0, xPx * frame.scale)),
    y: Math.min(frame.height, Math.max(0, yPx * frame.scale)),
  };
}
