// Several regions on one machine: the ports and the home of each, and what lies between them and the players. Pure.
import { isAbsolute, join, relative } from "node:path";
import type { Environment } from "./environment.ts";
import { EXIT, Refusal } from "./refusal.ts";
import type { Region, RegionPlace } from "./regions.ts";

/** Each region's ports are so far from those of the one before. */
export const PORT_STEP = 100;
const PORT_MAX = 65_535;
/** Unless told: memory is what several regions on one machine are short of. */
export const SERVERS_IN_EACH = 2;

/** A region of this machine, as stack.json names it. */
export interface LocalRegion extends RegionPlace {
  /** Where its stack keeps everything. */
  readonly home: string;
  /** How far it is made to be. */
  readonly rttMs: number;
}

/** What the stack of a region knows of where it is. */
export interface RegionAround {
  readonly here: string;
  readonly all: readonly LocalRegion[];
}

export interface RegionPlan {
  readonly environment: Environment;
  readonly around: RegionAround;
  readonly rttMs: number;
}

/** The first region has the ports and the home that a stack alone would have. Throws a Refusal when they cannot be. */
export function planRegions(regions: readonly Region[], environment: Environment): RegionPlan[] {
  if (environment.redisUrl !== undefined && regions.length > 1)
    throw refuse("each region needs a Redis of its own: unset REDIS_URL, and every region gets one");
  const environments = regions.map((region, at) => environmentOf(environment, region, at));
  refuseBadPorts(environments);
  const all = regions.map(({ id, name, rehearsedRttMs: rttMs }, at): LocalRegion => {
    const { httpsPort, home } = environments[at] ?? environment;
    return { id, name, url: new URL(`https://localhost:${httpsPort}`).origin, home, rttMs };
  });
  return all.map(({ id, rttMs }, at) => ({
    environment: environments[at] ?? environment,
    around: { here: id, all },
    rttMs,
  }));
}

function environmentOf(environment: Environment, { id }: Region, at: number): Environment {
  if (at === 0) return environment;
  const step = at * PORT_STEP;
  return {
    ...environment,
    httpsPort: environment.httpsPort + step,
    httpPort: environment.httpPort + step,
    controlPort: environment.controlPort + step,
    home: join(environment.home, "regions", id),
  };
}

function refuseBadPorts(environments: readonly Environment[]): void {
  const ports = environments.flatMap(({ httpsPort, httpPort, controlPort }) => [httpsPort, httpPort, controlPort]);
  const tooHigh = ports.find((port) => port > PORT_MAX);
  if (tooHigh !== undefined) throw refuse(`one of them would need port ${tooHigh}: choose lower ports`);
  const doubled = ports.find((port, at) => ports.indexOf(port) !== at);
  if (doubled !== undefined)
    throw refuse(
      `two of them would need port ${doubled}, since each region's are ${PORT_STEP} further: choose other ports`,
    );
}

const refuse = (why: string): Refusal =>
  new Refusal("bad-regions", `Cannot run these regions: ${why}.`, { exitCode: EXIT.wrongUsage });

/** The regions for people: where each is played, how far it is, and how commands find it. `from` is where they are. */
export function regionLines({ here, all }: RegionAround, from: string): string[] {
  const width = Math.max(...all.map(({ name }) => name.length));
  return all.map(({ id, name, url, home, rttMs }) => {
    const path = relative(from, home);
    const shown = path.startsWith("..") || isAbsolute(path) ? home : path || ".";
    return `${id === here ? "▸" : " "} ${id}  ${name.padEnd(width)}  ${url}  ${String(rttMs).padStart(4)} ms away  TIDEGATE_HOME=${shown}`;
  });
}
