// The regions that Tidegate can run in: the same names on a laptop, on AWS, in room codes and in the game.
import { Refusal } from "./refusal.ts";

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

const refuse = (why: string): Refusal =>
  new Refusal("bad-regions", `Cannot use these regions: ${why}.`, { exitCode: 2 });
