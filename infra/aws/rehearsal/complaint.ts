/** One sentence when `value` is not as wanted; to be spread into a list of complaints. */
export const expected = (what: string, value: unknown, wanted: unknown): string[] =>
  value === wanted ? [] : [`${what} is ${JSON.stringify(value)}, and not ${JSON.stringify(wanted)}`];
