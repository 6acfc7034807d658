// The regions that there are, as `/regions.json` tells them: a route of the servers, or a file beside a page that no region serves.

import { REGION_ID_LENGTH, REGION_NAME_MAX_UNITS, REGIONS_MAX } from "../../game/protocol/limits.ts";
import type { Clock } from "../net/clock.ts";

export interface Region {
  /** As it stands before a room code: `eu-QKFR`. */
  id: string;
  name: string;
  /** An origin: where its servers are. */
  url: string;
}

export interface RegionList {
  /** The region that served the page; undefined when none did. */
  here: string | undefined;
  regions: readonly Region[];
}

export const NO_REGIONS: RegionList = { here: undefined, regions: [] };

const REGIONS_ADDRESS = "/regions.json";
const ID = new RegExp(`^[a-z]{${REGION_ID_LENGTH}}$`);
/** How long after a question that nobody has answered the next one is asked. */
export const ASK_AGAIN_MS = 1_000;

export interface Asking {
  request: (url: string, options?: RequestInit) => Promise<Response>;
  clock: Clock;
}

/**
 * Asks the page's own origin, until somebody answers or `signal` ends it: a network that changes at that moment must not cost the page its
 * regions. A page that no region serves may be told a name (`live`) that leads to the nearest region by itself: that one is asked where it
 * leads, as a first guess. Without a usable answer there are no regions, and the page's origin is the game.
 */
export async function fetchRegions({ request, clock }: Asking, signal: AbortSignal): Promise<RegionList> {
  let answer = await ask(request, REGIONS_ADDRESS, signal);
  while (answer === "none" && !signal.aborted) {
    await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    answer = await ask(request, REGIONS_ADDRESS, signal);
  }
  const { here, regions } = readRegionList(answer);
  const live = (answer as { live?: unknown } | undefined)?.live;
  if (here !== undefined || regions.length < 2 || typeof live !== "string" || !isOrigin(live)) return { here, regions };
  const guess = readRegionList(await ask(request, `${live}${REGIONS_ADDRESS}`, signal)).here;
  return { here: regions.some(({ id }) => id === guess) ? guess : undefined, regions };
}

/** "none" where nobody answers, or not now; undefined for servers of a version without regions: the page does without. */
async function ask(request: Asking["request"], url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const answer = await request(url, { signal });
    if (answer.status >= 500) return "none";
    return answer.ok ? await answer.json() : undefined;
  } catch {
    // Not reachable, cut off on the way, or no JSON: all the same to whoever wants to know.
    return "none";
  }
}

/** What is no region is left out; `here` counts only if it is an id. */
export function readRegionList(answer: unknown): RegionList {
  const { here, regions } = (answer ?? {}) as { here?: unknown; regions?: unknown };
  const list = Array.isArray(regions) ? regions.slice(0, REGIONS_MAX).filter(isRegion) : [];
  return {
    here: typeof here === "string" && ID.test(here) ? here : undefined,
    regions: list.map(({ id, name, url }) => ({ id, name, url })),
  };
}

function isRegion(value: unknown): value is Region {
  const { id, name, url } = (value ?? {}) as Partial<Record<keyof Region, unknown>>;
  const isNamed = typeof name === "string" && name.length > 0 && name.length <= REGION_NAME_MAX_UNITS;
  return typeof id === "string" && ID.test(id) && isNamed && typeof url === "string" && isOrigin(url);
}

const isOrigin = (url: string): boolean => /^https?:/.test(url) && URL.canParse(url) && new URL(url).origin === url;
