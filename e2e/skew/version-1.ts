// Version 1 as it was before servers could leave unnoticed, to be run beside today's code.

import type { FrozenCode } from "./frozen-code.ts";
import type { Samples } from "./take-samples.ts";
// @ts-expect-error The bundle has no types of its own; FrozenCode says what is in it.
import * as code from "./version-1/code.mjs";
import samples from "./version-1/samples.json" with { type: "json" };

export const version1 = code as FrozenCode;
export const samples1: Samples = samples;
