// The colours of the game. Boats use the Okabe–Ito set, which stays apart under the common kinds of colour blindness; a
// pattern on the sail says the same thing without colour.

export interface Livery {
  /** Sail and trim, 0xRRGGBB. */
  colour: number;
  /** What the pattern is drawn in. */
  ink: number;
  pattern: SailPattern;
}

export const SAIL_PATTERNS = ["plain", "stripes", "disc", "chevron"] as const;
export type SailPattern = (typeof SAIL_PATTERNS)[number];

export const BOAT_COLOURS: readonly number[] = [
  0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0xd55e00, 0xcc79a7, 0x3a6fd8, 0xf4f1e8,
];

/** Every seat has a combination of its own, and neighbours in the list differ in colour and in pattern. */
export function liveryOf(seat: number): Livery {
  const colourIndex = seat % BOAT_COLOURS.length;
  const round = Math.floor(seat / BOAT_COLOURS.length);
  const pattern = SAIL_PATTERNS[(colourIndex + round) % SAIL_PATTERNS.length] as SailPattern;
  const colour = BOAT_COLOURS[colourIndex] as number;
  return { colour, ink: sailInk(colour), pattern };
}

/** The pattern's ink: as dark or as light as it takes, but kin to the sail. */
export function sailInk(colour: number): number {
  const ink = inkOver(colour);
  return ink === INK_DARK ? mix(colour, INK_DARK, 0.8) : ink;
}

/** Dark or light, whichever reads better over `colour`. */
export function inkOver(colour: number): number {
  return contrast(colour, INK_DARK) >= contrast(colour, INK_LIGHT) ? INK_DARK : INK_LIGHT;
}

export const INK_DARK = 0x10222e;
export const INK_LIGHT = 0xffffff;
export const GOLD = 0xffd76a;

export function css(colour: number): string {
  return `#${colour.toString(16).padStart(6, "0")}`;
}

/** Mixes in sRGB; `share` of `b`, 0 … 1. */
export function mix(a: number, b: number, share: number): number {
  const channel = (shift: number) => {
    const from = (a >> shift) & 255;
    return Math.round(from + (((b >> shift) & 255) - from) * share) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

/** WCAG contrast ratio, 1 … 21. */
export function contrast(a: number, b: number): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, two) => one - two) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: number): number {
  const linear = (shift: number) => {
    const value = ((colour >> shift) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0);
}
