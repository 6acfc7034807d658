// The templates of a deployment, on disk, and the CDK's own command line over them. That one is given what was synthesised here, so it
// needs neither our settings nor a way to run TypeScript. Nothing here asks AWS for anything.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EXIT, Refusal } from "../../stack/refusal.ts";
import { names, type Settings } from "../settings.ts";
import { buildApp } from "./app.ts";

export interface SynthesisedStack {
  readonly name: string;
  /** AWS's name of it. */
  readonly region: string;
  /** Absolute; JSON, small enough for CloudFormation to take it without a bucket. */
  readonly templateFile: string;
}

export interface Assembly {
  readonly folder: string;
  /** In the order in which they can be deployed, images first. */
  readonly stacks: readonly SynthesisedStack[];
}

/** Writes everything anew into `folder`. Throws a Refusal when AWS's rules object; the CDK has said on stderr to what. */
export function synth(settings: Settings, folder: string): Assembly {
  rmSync(folder, { recursive: true, force: true });
  try {
    const { stacks } = buildApp(settings, folder).synth();
    const written = stacks.map(({ stackName, environment, templateFullPath }) => ({
      name: stackName,
      region: environment.region,
      templateFile: templateFullPath,
    }));
    return { folder, stacks: written.sort((a, b) => rank(a.name) - rank(b.name)) };
  } catch (error) {
    throw new Refusal("synth-failed", `Cannot make the templates: ${(error as Error).message.split("\n")[0]}`, {
      cause: error,
    });
  }
}

/** Images, then regions, then the page that sends people to them. */
function rank(name: string): number {
  if (name === names.edgeStack) return 2;
  return name.startsWith(names.imagesStackPrefix) ? 0 : 1;
}

/** The templates' text by the names of their stacks. */
export const templatesOf = ({ stacks }: Assembly): ReadonlyMap<string, string> =>
  new Map(stacks.map(({ name, templateFile }) => [name, readFileSync(templateFile, "utf8")]));

/** Runs `cdk ARGS` over what was synthesised into `folder`, on this terminal. Its exit code. */
export function cdk(folder: string, args: readonly string[]): Promise<number> {
  const home = dirname(createRequire(import.meta.url).resolve("aws-cdk/package.json"));
  const quiet = ["--no-notices", "--no-version-reporting"];
  const child = spawn(process.execPath, [join(home, "bin", "cdk"), ...args, "--app", folder, ...quiet], {
    stdio: "inherit",
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "1" },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? EXIT.notAchieved));
  });
}
