// What a run has found out, each beside its limit. Pure.

export interface Finding {
  readonly what: string;
  readonly measured: number | string;
  /** `ms`, `×`, or empty for a count. */
  readonly unit: string;
  /** As people read it; empty for what is only worth knowing. */
  readonly limit: string;
  readonly passed: boolean;
}

export const atMost = (what: string, measured: number, limit: number, unit = ""): Finding => ({
  what,
  measured: round(measured),
  unit,
  limit: limit === 0 ? "none" : `≤ ${limit}`,
  // Not a number fails: nothing was measured.
  passed: measured <= limit,
});

export const atLeast = (what: string, measured: number, limit: number, unit = ""): Finding => ({
  what,
  measured: round(measured),
  unit,
  limit: `≥ ${limit}`,
  passed: measured >= limit,
});

export const exactly = (what: string, measured: number | string, wanted: number | string): Finding => ({
  what,
  measured,
  unit: "",
  limit: `= ${wanted}`,
  passed: measured === wanted,
});

/** Something without a limit, for people who look for a reason. */
export const noted = (what: string, measured: number, unit = ""): Finding => ({
  what,
  measured: round(measured),
  unit,
  limit: "",
  passed: true,
});

const round = (value: number): number => Math.round(value * 100) / 100;
