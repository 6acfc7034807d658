// Smooth noise for painting: seeded, tileable on request, and only ever decoration (the rules have a generator of their own).

/** A small fast generator, 0 … 1. The same seed paints the same picture. */
export function paintRandom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Noise = (x: number, y: number) => number;

/** Gradient noise, 0 … 1, one lattice cell per unit, repeating after `period` cells (a power of two). */
export function gradientNoise(seed: number, period = 256): Noise {
  const random = paintRandom(seed);
  const angles = Float32Array.from({ length: period * period }, () => random() * Math.PI * 2);
  const slopesX = angles.map(Math.cos);
  const slopesY = angles.map(Math.sin);
  const mask = period - 1;
  const corner = (cellX: number, cellY: number, x: number, y: number) => {
    const at = (cellY & mask) * period + (cellX & mask);
    return (slopesX[at] as number) * (x - cellX) + (slopesY[at] as number) * (y - cellY);
  };
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = ease(x - left);
    const above = lerp(corner(left, top, x, y), corner(left + 1, top, x, y), u);
    const below = lerp(corner(left, top + 1, x, y), corner(left + 1, top + 1, x, y), u);
    return 0.5 + lerp(above, below, ease(y - top)) * 0.72;
  };
}

/** Octaves of noise, each half as strong and twice as fine; 0 … 1. */
export function layered(noise: Noise, octaves: number): Noise {
  return (x, y) => {
    let sum = 0;
    let weight = 0.5;
    let total = 0;
    for (let octave = 0, scale = 1; octave < octaves; octave++, scale *= 2, weight /= 2) {
      sum += noise(x * scale, y * scale) * weight;
      total += weight;
    }
    return sum / total;
  };
}

export function lerp(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** 0 below `low`, 1 above `high`, smooth between; `low` may be the larger. */
export function smoothstep(low: number, high: number, value: number): number {
  return ease(clamp((value - low) / (high - low), 0, 1));
}

function ease(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}
