// `npm run aws -- synth|diff|deploy|rollout|status|destroy|policy|rehearse`: the same thing on AWS. Flags are read first; only then the AWS app,
// a package of its own, is installed and loaded.
import { awsPackage, installOwnPackage } from "../provision/own-package.ts";
import { sayOnStderr } from "../provision/progress.ts";
import { runCommand } from "../stack/command.ts";
import { repositoryRoot } from "../stack/environment.ts";
import { awsCommand } from "./options.ts";
import { addRollout } from "./rollout/options.ts";

let run: (() => Promise<number>) | undefined;
const commands = () => import("./commands/run.ts");

const choose = (chosen: () => Promise<number>): void => {
  run = chosen;
};

const command = awsCommand(
  {
    synth: async (settings) => (await commands()).runSynth(settings),
    diff: async (settings) => (await commands()).runDiff(settings),
    deploy: async (settings, consent) => (await commands()).runDeploy(settings, consent),
    destroy: async (regions, consent) => (await commands()).runDestroy(regions, consent),
    policy: async () => (await commands()).runPolicy(),
    rehearse: async (consent) => (await import("./rehearsal/rehearse.ts")).rehearse(consent),
  },
  choose,
);
addRollout(
  command,
  {
    rollout: async (flags) => (await import("./rollout/run.ts")).runRollout(flags),
    status: async (flags) => (await import("./rollout/run.ts")).runStatus(flags),
  },
  choose,
);

if (process.argv.length === 2) process.argv.push("--help");

await runCommand(command, async () => {
  await installOwnPackage(awsPackage(repositoryRoot), sayOnStderr);
  return run!();
});
