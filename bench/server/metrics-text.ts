// Reads what a Tidegate server counts, from the text of its /metrics. Pure.

export interface ServerCounts {
  readonly inputs: number;
  /** Steps of rooms that took at most so long, by that limit in seconds; the last limit is infinite. */
  readonly ticks: readonly { readonly atMostSeconds: number; readonly count: number }[];
}

export function readCounts(text: string): ServerCounts {
  const samples = text
    .split("\n")
    .map((line) => /^(\w+)\{(.*)\} (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name, labels, value]) => ({ name, labels: labels!, value: Number(value) }));
  const inputs = samples.filter(({ name }) => name === "tidegate_inputs_total");
  const ticks = samples
    .filter(({ name }) => name === "tidegate_tick_seconds_bucket")
    .map(({ labels, value }) => ({ atMostSeconds: limitOf(labels), count: value }));
  if (ticks.length === 0) throw new Error("the server's metrics do not say how long its ticks take");
  return { inputs: inputs.reduce((sum, { value }) => sum + value, 0), ticks };
}

const limitOf = (labels: string): number => {
  const limit = /le="([^"]+)"/.exec(labels)?.[1];
  return limit === "+Inf" ? Number.POSITIVE_INFINITY : Number(limit);
};

/** The time that a `share` of the steps between two readings did not exceed, milliseconds: within its bucket, by proportion. */
export function tickPercentileMs(before: ServerCounts, after: ServerCounts, share: number): number {
  const counts = after.ticks.map(({ atMostSeconds, count }, index) => ({
    atMostSeconds,
    count: count - (before.ticks[index]?.count ?? 0),
  }));
  const wanted = share * (counts.at(-1)?.count ?? 0);
  const index = counts.findIndex(({ count }) => count >= wanted);
  const above = counts[index]!;
  const below = index === 0 ? { atMostSeconds: 0, count: 0 } : counts[index - 1]!;
  if (!Number.isFinite(above.atMostSeconds)) return below.atMostSeconds * 1_000;
  const within = above.count === below.count ? 1 : (wanted - below.count) / (above.count - below.count);
  return (below.atMostSeconds + within * (above.atMostSeconds - below.atMostSeconds)) * 1_000;
}
