// Steps the picture's cost down until frames come in time. It never steps up: a picture that flickers between two
// qualities is worse than the plainer one.

export interface Quality {
  /** Canvas pixels for one CSS pixel, at most. */
  resolution: number;
  /** Texels of the water for one canvas pixel. */
  water: number;
  /** Glitter on the water. */
  fine: boolean;
  /** Share of the decorative particles. */
  plenty: number;
}

export const QUALITIES: readonly Quality[] = [
  { resolution: 2, water: 0.5, fine: true, plenty: 1 },
  { resolution: 1.5, water: 0.5, fine: true, plenty: 1 },
  { resolution: 1, water: 0.5, fine: true, plenty: 0.8 },
  { resolution: 1, water: 0.34, fine: false, plenty: 0.6 },
  { resolution: 0.75, water: 0.3, fine: false, plenty: 0.4 },
  { resolution: 0.5, water: 0.3, fine: false, plenty: 0.3 },
];

export const FINEST_QUALITY = 0;
/** Where a renderer in software starts. */
export const SOFTWARE_QUALITY = 4;

/** An average frame slower than this is too slow. */
const SLOW_FRAME_MS = 27;
/** Frames are averaged over this long before a decision. */
const WINDOW_MS = 1500;
/** Slower than this is worth two steps at once. */
const VERY_SLOW_FRAME_MS = 60;
/** A longer frame counts as this long: painting a basin is one long frame, slowness is many. */
const FRAME_COUNTS_AT_MOST_MS = 400;
/** Such a frame comes from a hidden tab and counts not at all. */
const HIDDEN_MS = 2000;

export class QualityController {
  #level: number;
  readonly #fixed: boolean;
  #windowMs = 0;
  #frames = 0;

  /** `fixed` keeps the level whatever the frames say: for pictures taken by a script. */
  constructor(level = FINEST_QUALITY, fixed = false) {
    this.#level = Math.min(Math.max(0, level), QUALITIES.length - 1);
    this.#fixed = fixed;
  }

  get level(): number {
    return this.#level;
  }

  get quality(): Quality {
    return QUALITIES[this.#level] as Quality;
  }

  /** Takes one frame's duration; true when the quality has just been lowered. */
  frame(durationMs: number): boolean {
    if (this.#fixed || durationMs > HIDDEN_MS) return false;
    this.#windowMs += Math.min(durationMs, FRAME_COUNTS_AT_MOST_MS);
    this.#frames += 1;
    if (this.#windowMs < WINDOW_MS) return false;
    const averageMs = this.#windowMs / this.#frames;
    this.#windowMs = 0;
    this.#frames = 0;
    const plainest = QUALITIES.length - 1;
    if (averageMs <= SLOW_FRAME_MS || this.#level === plainest) return false;
    this.#level = Math.min(plainest, this.#level + (averageMs > VERY_SLOW_FRAME_MS ? 2 : 1));
    return true;
  }
}
