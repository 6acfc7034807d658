// What stands on the quay and behind it: bollards, plants, a lighthouse at each corner. Pure: only where, not how it is drawn.

import type { Basin } from "./basin.ts";
import { BUSH_KINDS, PALM_KINDS } from "./flora-art.ts";
import { paintRandom } from "./noise.ts";

const BOLLARD_EVERY_PX = 150;
/** One plant for this much quay. */
const PLANT_EVERY_PX = 48.7;

export interface Ornament {
  /** Of a drawing in the atlas. */
  name: string;
  xPx: number;
  yPx: number;
  size: number;
  rotation: number;
  /** Above the quay's depth. */
  lift: number;
}

export function dressingOf({ seed, widthPx, heightPx }: Pick<Basin, "seed" | "widthPx" | "heightPx">): Ornament[] {
  const random = paintRandom(seed + 5);
  const ornaments: Ornament[] = [];
  const put = (name: string, xPx: number, yPx: number, size: number, lift: number, rotation = 0) => {
    ornaments.push({ name, xPx, yPx, size, rotation, lift });
  };
  for (let along = 90; along < widthPx + heightPx; along += BOLLARD_EVERY_PX) {
    const [x, y, farX, farY] =
      along < widthPx ? [along, -12, along, heightPx + 12] : [-12, along - widthPx, widthPx + 12, along - widthPx];
    put("bollard", x, y, 1, 0);
    put("bollard", farX, farY, 1, 0);
  }
  const roundPx = 2 * (widthPx + heightPx);
  for (let plant = 0; plant < Math.round(roundPx / PLANT_EVERY_PX); plant++) {
    const [x, y] = roundTheBasin(random() * roundPx, 52 + random() * 70, widthPx, heightPx);
    const palm = random() < 0.4;
    put("land-shadow", x + 7, y + 7, palm ? 1 : 0.7, 0.01);
    const name = palm ? `palm-${Math.floor(random() * PALM_KINDS)}` : `bush-${Math.floor(random() * BUSH_KINDS)}`;
    put(name, x, y, 0.8 + random() * 0.5, 0.02, random() * 6);
  }
  for (const x of [-44, widthPx + 44]) for (const y of [-44, heightPx + 44]) put("lighthouse", x, y, 1, 0.03);
  return ornaments;
}

/** A point `away` pixels outside the basin's edge, `along` pixels around it. */
function roundTheBasin(along: number, away: number, widthPx: number, heightPx: number): [number, number] {
  const place = along % (widthPx + heightPx);
  const far = along >= widthPx + heightPx;
  if (place < widthPx) return [place, far ? heightPx + away : -away];
  return [far ? widthPx + away : -away, place - widthPx];
}
