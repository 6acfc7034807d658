// The invariants by their names, which are what a failing run is called by.

import * as inputs from "./inputs.ts";
import type { Invariant } from "./invariant.ts";
import * as players from "./players.ts";
import * as rooms from "./rooms.ts";

export const INVARIANTS: Readonly<Record<string, Invariant>> = { ...rooms, ...inputs, ...players };
