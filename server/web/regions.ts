// The regions of a game that runs in several: which one this server is in, and where the others are. Pages ask for it to measure them
// and to offer them; `/regions.json` on a bucket has the same shape.

import { REGION_ID_LENGTH, REGION_NAME_MAX_UNITS, REGIONS_MAX } from "../../game/protocol/index.ts";

const ID = new RegExp(`^[a-z]{${REGION_ID_LENGTH}}$`);

export interface Region {
  /** As it stands before a room code: `eu-QKFR`. */
  id: string;
  /** As the game shows it. */
  name: string;
  /** An origin: where its load balancer is. */
  url: string;
}

export interface Regions {
  /** Undefined: this server does not know. */
  here: string | undefined;
  all: readonly Region[];
}

export const NO_REGIONS: Regions = { here: undefined, all: [] };

export const isRegionId = (text: string): boolean => ID.test(text);

/** Reads `eu=https://eu.example Europe,us=https://us.example`: a name is optional. A string is what is wrong with it. */
export function parseRegions(text: string): readonly Region[] | string {
  const read: Region[] = [];
  for (const entry of text.split(",")) {
    const [, id = "", url = "", name = id.toUpperCase()] = /^\s*([^=\s]*)=(\S+)(?:\s+(.*?))?\s*$/.exec(entry) ?? [];
    if (!isRegionId(id))
      return `must be id=URL pairs with commas between, where an id has two letters: ${shown(entry)} is none`;
    if (!isOrigin(url)) return `must give region ${id} an origin such as https://${id}.example, and no path`;
    if (name.length > REGION_NAME_MAX_UNITS)
      return `must not give region ${id} a name above ${REGION_NAME_MAX_UNITS} characters`;
    if (read.some((other) => other.id === id)) return `must not name region ${id} twice`;
    read.push({ id, name, url });
  }
  return read.length > REGIONS_MAX ? `must not name more than ${REGIONS_MAX} regions` : read;
}

/** What `/regions.json` says. */
export const regionsAnswer = ({ here, all }: Regions) => ({ here: here ?? null, regions: all });

/** What a page of any region connects to, for `connect-src`. */
export const regionSources = ({ all }: Regions): string =>
  all.map(({ url }) => ` ${url} ${url.replace(/^http/, "ws")}`).join("");

const shown = (entry: string): string => JSON.stringify(entry.slice(0, REGION_NAME_MAX_UNITS));

/** Written as browsers write it in their Origin header, so that the two can be compared; a host may hold what ends a policy otherwise. */
const isOrigin = (url: string): boolean =>
  /^https?:\/\/[a-z0-9.:[\]-]+$/.test(url) && URL.canParse(url) && new URL(url).origin === url;
