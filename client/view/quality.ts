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

/** An average frame slower than this is too slow. */
const SLOW_FRAME_MS = 27;
/** Frames are averaged over this long before a decision. */
const WINDOW_MS = 1500;
/** Longer frames come from hidden tabs and painting, not from drawing. */
const OUTLIER_MS = 400;

export class QualityController {
  #level: number;
  readonly #fixed: boolean;
  #windowMs = 0;
  #frames = 0;

  /** `fixed` keeps the level whatever the frames say: for pictures taken by a script. */
  constructor(level = 0, fixed = false) {
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
    if (this.#fixed || durationMs > OUTLIER_MS) return false;
    this.#windowMs += durationMs;
    this.#frames += 1;
    if (this.#windowMs < WINDOW_MS) return false;
    const slow = this.#windowMs / this.#frames > SLOW_FRAME_MS;
    this.#windowMs = 0;
    this.#frames = 0;
    if (!slow || this.#level === QUALITIES.length - 1) return false;
    this.#level += 1;
    return true;
  }
}
