// What `npm run simulate` can be told.

import { Command, CommanderError, InvalidArgumentError } from "commander";

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

/** What was asked for was wrong: one sentence. */
export class WrongUsage extends Error {}

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
    .option("--json", "one JSON object as the last line of standard output", false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: write, writeErr: () => {} });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new WrongUsage(`simulate: ${error.message.replace(/^error: /, "")} (--help lists what is possible)`);
  }
  return command.opts<SimulateOptions>();
}

function wholeNumber(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= SEED_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number up to ${SEED_MAX}.`);
}
