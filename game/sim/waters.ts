// The two kinds of water that are played in, as numbers: the basin of an ordinary room and the arena of a big one, which is sixteen basins
// large with as much room for each boat. Client and server compute with the same numbers: changing them is a change of CODEC_VERSION.

import { MAX_BALLS, MAX_BOATS, MAX_PEARLS, PEARLS_AFLOAT, UNITS_PER_PX } from "./constants.ts";

export type WatersKind = "basin" | "arena";

export interface Waters {
  readonly kind: WatersKind;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The same, units. */
  readonly width: number;
  readonly height: number;
  /** Bits that hold each coordinate of a place, units. */
  readonly placeBits: number;
  /** On the wire, a bow that does not point where it is expected is told as a difference: worth it for boats that are told rarely. */
  readonly tellsTurns: boolean;
  /** Boats that a room can hold, people and bots together. */
  readonly seats: number;
  readonly ballsMax: number;
  readonly pearlsAfloat: number;
  readonly pearlsMax: number;
  /** Pearls that drift in at a time while there are too few. */
  readonly pearlsAtOnce: number;
  readonly islandsMin: number;
  readonly islandsMax: number;
  /** Tries to place one more island before the waters count as full. */
  readonly placingTries: number;
  /** The current's whirls have so many times the waves that they have over a basin. */
  readonly whirls: number;
}

export const BASIN: Waters = watersOfSize(3200, 2400, 18, {
  kind: "basin",
  tellsTurns: false,
  seats: MAX_BOATS,
  ballsMax: MAX_BALLS,
  pearlsAfloat: PEARLS_AFLOAT,
  pearlsMax: MAX_PEARLS,
  pearlsAtOnce: 1,
  islandsMin: 8,
  islandsMax: 11,
  placingTries: 240,
  whirls: 1,
});

export const ARENA: Waters = watersOfSize(12_800, 9600, 20, {
  kind: "arena",
  tellsTurns: true,
  seats: 500,
  ballsMax: 2048,
  pearlsAfloat: 600,
  pearlsMax: 1000,
  pearlsAtOnce: 16,
  islandsMin: 128,
  islandsMax: 168,
  placingTries: 4000,
  whirls: 4,
});

const ALL: Readonly<Record<WatersKind, Waters>> = { basin: BASIN, arena: ARENA };

export function watersOf(kind: WatersKind): Waters {
  return ALL[kind];
}

function watersOfSize(
  widthPx: number,
  heightPx: number,
  placeBits: number,
  rest: Omit<Waters, "widthPx" | "heightPx" | "width" | "height" | "placeBits">,
): Waters {
  const size = { widthPx, heightPx, width: widthPx * UNITS_PER_PX, height: heightPx * UNITS_PER_PX };
  return { ...rest, ...size, placeBits };
}
