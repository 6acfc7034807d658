// Flags of a command that players' programs have, read with one sentence for what is wrong.

import { type Command, CommanderError } from "commander";

/** What somebody has to say differently. */
export class WrongUsage extends Error {}

/** Throws WrongUsage; `undefined` when the help was shown. `write` takes the help's text. */
export function readFlags<Flags extends object>(
  command: Command,
  args: readonly string[],
  write: (text: string) => void,
): Flags | undefined {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: write, writeErr: () => {} });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new WrongUsage(`${command.name()}: ${error.message.replace(/^error: /, "")} (--help lists what is possible)`);
  }
  return command.opts<Flags>();
}
