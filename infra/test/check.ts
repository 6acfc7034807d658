// `npm run check`: what can be known about the code without running it.
import { newCommand, runCommand } from "../stack/command.ts";
import { repositoryRoot } from "../stack/environment.ts";
import { EXIT } from "../stack/refusal.ts";
import { runQuickChecks } from "./quick-checks.ts";
import { endStepsOnSignals } from "./step.ts";

await runCommand(newCommand("npm run check", "Types, lint, import arrows, lockfiles."), async () => {
  endStepsOnSignals();
  return (await runQuickChecks(repositoryRoot)) === 0 ? EXIT.done : EXIT.notAchieved;
});
