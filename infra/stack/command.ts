// The frame around every command: flags by commander, one sentence on stderr and the right exit code when something is
// not as it should be.
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { EXIT, Refusal } from "./refusal.ts";

/** A command that writes nothing but one sentence when its flags are wrong. */
export function newCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
}

/** Runs a command to its end and exits with its code, also when nobody reads any more what it writes. */
export async function runCommand(command: Command, run: () => Promise<number>): Promise<void> {
  // A closed pipe or terminal is no fault: a deploy must not end in its midst for it.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  try {
    command.parse();
    process.exitCode = await run();
  } catch (error) {
    process.exitCode = report(command.name().replace(/ --$/, ""), error);
  }
}

function report(name: string, error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done; // --help
    process.stderr.write(`${name}: ${error.message.replace(/^error: /, "")} (--help lists what is possible).\n`);
    return EXIT.wrongUsage;
  }
  if (error instanceof Refusal) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.notAchieved;
}

/** A parser for commander: whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
