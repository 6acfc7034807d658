// What `npm run simulate` can be told.

import { Command, InvalidArgumentError } from "commander";
import { readFlags } from "../../client/bots/flags.ts";

/** Seeds are 32 bits. */
const SEED_MAX = 2 ** 32 - 1;

export interface SimulateOptions {
  /** How many seeds, beginning with `first`. */
  seeds: number;
  first: number;
  /** This one only. */
  seed?: number;
  trace: boolean;
  json: boolean;
}

/** Throws WrongUsage; `undefined` when the help was shown. `write` takes the help's text. */
export function parseOptions(args: readonly string[], write: (text: string) => void): SimulateOptions | undefined {
  const command = new Command("simulate")
    .description(
      "Servers, Redis, a load balancer and players on virtual time, and whether what is promised to players holds.",
    )
    .option("--seeds <count>", "how many runs", wholeNumber, 1000)
    .option("--first <seed>", "the first run's seed", wholeNumber, 1)
    .option("--seed <seed>", "only this run", wholeNumber)
    .option("--trace", "print the story of each run that fails, or of the one that --seed names", false)
    .option("--json", "one JSON object as the last line of standard output", false);
  return readFlags<SimulateOptions>(command, args, write);
}

function wholeNumber(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= SEED_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number up to ${SEED_MAX}.`);
}
