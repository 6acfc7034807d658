// Two regions as a page knows them, over pings that a test decides about.

import { VirtualTime } from "../../netcode/testing/virtual-time.ts";
import { PingFailure } from "../ping.ts";
import type { RegionList } from "../region-list.ts";
import { Regions } from "../regions.ts";

export const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
export const us = { id: "us", name: "North America", url: "https://us.example" };
export const both: RegionList = { here: "eu", regions: [eu, us] };

/** How long the next pings of a region take, the last one for ever; a sentence is a failure. */
export type Way = (number | string)[];

/** The regions of a page on virtual time. `ways` may be changed later: regions die and come back. */
export async function page(ways: { eu: Way; us: Way }, list: RegionList = both, chosen?: string) {
  const time = new VirtualTime();
  const memory = { region: chosen };
  const pings: string[] = [];
  const ping = async (url: string) => {
    const id = url === eu.url ? "eu" : "us";
    pings.push(id);
    const way = ways[id];
    const next = (way.length > 1 ? way.shift() : way[0]) ?? "no answer";
    if (typeof next === "string") throw new PingFailure(next);
    return next;
  };
  const regions = new Regions({ load: async () => list, ping, clock: time, memory });
  await regions.loaded;
  /** Lets every ping that is under way be answered. */
  const answered = () => new Promise((resolve) => setImmediate(resolve));
  const measured = async () => {
    regions.measure();
    await answered();
  };
  return { regions, memory, time, pings, answered, measured };
}
