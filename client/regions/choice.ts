// Which region to play in: what the player has chosen, else the nearest. Two that are about as near do not take turns.

/** How a region was found: how far away, or why it cannot be reached. Undefined: not known yet. */
export type Reach = { rttMs: number } | { failed: string } | undefined;
type Reaches = ReadonlyMap<string, Reach>;

/** Another region is nearer only if it is by so much, and by this share: what one measures of one place varies by less. */
export const CLEARLY_MS = 10;
const CLEARLY_SHARE = 0.15;

export const isReached = (reach: Reach): reach is { rttMs: number } => reach !== undefined && "rttMs" in reach;
export const isFailed = (reach: Reach): reach is { failed: string } => reach !== undefined && "failed" in reach;

/** The nearest of `ids`. `former` was taken for it so far, and stays while nothing is known of it, or nothing clearly nearer. */
export function nearest(ids: readonly string[], reaches: Reaches, former: string | undefined): string | undefined {
  const formerReach = former === undefined ? undefined : reaches.get(former);
  if (former !== undefined && formerReach === undefined) return former;
  let best: string | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const reach = reaches.get(id);
    if (!isReached(reach) || reach.rttMs >= bestMs) continue;
    best = id;
    bestMs = reach.rttMs;
  }
  if (best === undefined || !isReached(formerReach)) return best ?? ids.find((id) => !isFailed(reaches.get(id)));
  const isClear = formerReach.rttMs - bestMs > Math.max(CLEARLY_MS, formerReach.rttMs * CLEARLY_SHARE);
  return isClear ? best : former;
}
