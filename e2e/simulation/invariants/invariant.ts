// What must hold at every moment of every run. Each is a small function that attaches itself to a run, and says when it is broken.

import type { Simulation } from "../simulation.ts";
import type { Weather } from "../weather.ts";

export interface Watch {
  readonly simulation: Simulation;
  readonly weather: Weather;
  /** The invariant does not hold: what was seen, in a few words. Only the first one counts. */
  broken(what: string): void;
}

export interface Checks {
  /** Called every LOOK_MS of virtual time. */
  look?(): void;
  /** Called when everything is over, calm, and has had its time. */
  atEnd?(): void;
}

/** What cannot be noticed as an event is looked at this often, milliseconds. */
export const LOOK_MS = 50;

export type Invariant = (watch: Watch) => Checks;
