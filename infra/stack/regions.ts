// The regions that Tidegate can run in: the same names on a laptop, on AWS, in room codes and in the game.
import { Refusal } from "./refusal.ts";

/** Further than any two places on earth are, milliseconds. */
const REHEARSED_RTT_MAX_MS = 2_000;

export interface Region {
  /** As people type it, and as it stands before a room code: `eu-QKFR`. */
  readonly id: RegionId;
  /** As the game shows it. */
  readonly name: string;
  /** What AWS calls it. */
  readonly aws: string;
  /** How far it is said to be from a laptop that only plays several regions: the round trip, milliseconds. */
  readonly rehearsedRttMs: number;
}

const table = {
  eu: { name: "Europe", aws: "eu-west-1", rehearsedRttMs: 12 },
  us: { name: "North America", aws: "us-east-1", rehearsedRttMs: 90 },
  sa: { name: "South America", aws: "sa-east-1", rehearsedRttMs: 190 },
  ap: { name: "Asia", aws: "ap-northeast-1", rehearsedRttMs: 230 },
  au: { name: "Australia", aws: "ap-southeast-2", rehearsedRttMs: 280 },
} as const;

export type RegionId = keyof typeof table;

export const regions: readonly Region[] = (Object.keys(table) as RegionId[]).map((id) => ({ id, ...table[id] }));

/** Reads `eu,us`; AWS's own names are understood as well. Throws a Refusal for what is unknown, doubled or missing. */
export function readRegions(text: string): Region[] {
  const wanted = text.split(",").map((part) => part.trim());
  const read = wanted.map((part) => {
    const region = regions.find(({ id, aws }) => part === id || part === aws);
    if (region === undefined)
      throw refuse(`${JSON.stringify(part)} is none of ${regions.map(({ id }) => id).join(", ")}`);
    return region;
  });
  const doubled = read.find((region, at) => read.indexOf(region) !== at);
  if (doubled) throw refuse(`${doubled.id} is named twice`);
  return read;
}

/** As `eu,us`, or with a round trip for each: `eu=20,us=140`. Throws a Refusal as `readRegions` does. */
export function readRehearsedRegions(text: string): Region[] {
  const parts = text.split(",").map((part) => part.split("="));
  const read = readRegions(parts.map(([name]) => name).join());
  return read.map((region, at) => {
    const [, rtt, ...more] = parts[at] ?? [];
    if (rtt === undefined) return region;
    const rttMs = /^\d{1,5}$/.test(rtt) && more.length === 0 ? Number(rtt) : Number.NaN;
    if (rttMs <= REHEARSED_RTT_MAX_MS) return { ...region, rehearsedRttMs: rttMs };
    throw refuse(
      `${region.id} is to be ${JSON.stringify([rtt, ...more].join("="))} ms away, which is not 0 to ${REHEARSED_RTT_MAX_MS}`,
    );
  });
}

/** A region that runs: what the game is told of it. */
export interface RegionPlace {
  readonly id: string;
  readonly name: string;
  /** The origin of its load balancer, such as https://eu.example. */
  readonly url: string;
}

/** The servers' variable REGIONS (server/web/regions.ts): `eu=https://eu.example Europe,us=…`. */
export const regionsVariable = (places: readonly RegionPlace[]): string =>
  places.map(({ id, url, name }) => `${id}=${url} ${name}`).join();

/**
 * What stands in `/regions.json` beside a page that no region serves. `live` is the origin of the name that leads to the nearest region by
 * itself: the page asks it which one that is, before it has measured anything.
 */
export const regionsFile = (places: readonly RegionPlace[], live: string | undefined) => ({
  here: null,
  ...(live === undefined ? {} : { live }),
  regions: places.map(({ id, name, url }) => ({ id, name, url })),
});

const refuse = (why: string): Refusal =>
  new Refusal("bad-regions", `Cannot use these regions: ${why}.`, { exitCode: 2 });
