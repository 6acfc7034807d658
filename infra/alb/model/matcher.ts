// `Matcher.HttpCode`: which status codes a health check accepts.

const form = /^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/;

export interface CodeRange {
  readonly from: number;
  readonly to: number;
}

/** The ranges of a matcher, or undefined when it is not one (codes 200 to 499 are possible on an ALB). */
export function parseMatcher(text: string): readonly CodeRange[] | undefined {
  if (!form.test(text)) return undefined;
  const ranges = text.split(",").map((part) => {
    const [from, to] = part.split("-").map(Number) as [number, number?];
    return { from, to: to ?? from };
  });
  return ranges.every(({ from, to }) => from >= 200 && to <= 499 && from <= to) ? ranges : undefined;
}

export const codeMatches = (ranges: readonly CodeRange[], code: number) =>
  ranges.some(({ from, to }) => code >= from && code <= to);
