// What `npm run deploy` can be told.
import { type Command, InvalidArgumentError, Option } from "commander";
import { newCommand, wholeNumber } from "../stack/command.ts";
import { platformOption, type StackOptions } from "../stack/open-stack.ts";
import { isVersion, readTaskRequest } from "../stack/task-request.ts";
import { bakeSeconds, canaryLimits } from "./limits.ts";
import { STRATEGIES, type Strategy } from "./plan.ts";

/** What every deploy can be told, wherever its servers run. */
export interface ReleaseOptions {
  readonly version: string;
  readonly strategy: Strategy;
  readonly canary: number;
  readonly bake: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface DeployOptions extends ReleaseOptions, StackOptions {}

export const deployCommand = (): Command =>
  withRelease(newCommand("npm run deploy --", "Replaces the running servers by a new version while people play."))
    .addOption(platformOption())
    .option("--json", JSON_FLAG);

export const JSON_FLAG = "one JSON object on the last line of stdout";

export function withRelease(command: Command): Command {
  return command
    .requiredOption("--version <name>", "the version to deploy; the running one is allowed", versionName)
    .addOption(
      new Option("--strategy <name>", "one target group, or a second one and weights")
        .choices(STRATEGIES)
        .default("rolling"),
    )
    .option(
      "--canary <players>",
      "headless players who judge it; 0 for none",
      wholeNumber(0, canaryLimits.max),
      canaryLimits.default,
    )
    .option(
      "--bake <seconds>",
      "how long the new version must do well first",
      wholeNumber(0, bakeSeconds.max),
      bakeSeconds.default,
    )
    .option("--env <NAME=value>", "a variable for the new servers; may be given again", variable, {});
}

function versionName(text: string): string {
  if (isVersion(text)) return text;
  throw new InvalidArgumentError("It must be up to 64 letters, digits, dots, dashes or underscores.");
}

function variable(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be NAME=value.");
  const environment = { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  try {
    readTaskRequest({ version: "any", generation: 1, environment });
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return environment;
}
