// `npm run scale -- N`: starts or takes out servers until N run.
import { systemClock } from "./clock.ts";
import { newCommand, runCommand, wholeNumber } from "./command.ts";
import { isDeploying } from "./deployment-lock.ts";
import { platformOption, type StackOptions, wayToStack } from "./open-stack.ts";
import { EXIT, Refusal } from "./refusal.ts";
import { scaleTo } from "./scale-run.ts";
import { loadsByAgent } from "./statusz.ts";
import { topology } from "./topology.ts";

const { servers } = topology.service;

const command = newCommand("npm run scale --", "Sets how many game servers run.")
  .argument("<count>", `from 1 to ${servers.max}`, wholeNumber(1, servers.max))
  .addOption(platformOption())
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const { json, platform } = command.opts<StackOptions>();
  const { agent, home } = wayToStack(platform);
  if (isDeploying(home)) throw new Refusal("deploying", "A deploy is under way: scale when it has ended.");
  const result = await scaleTo(command.processedArgs[0] as number, {
    client: agent,
    loadsOf: loadsByAgent(agent),
    delays: topology.delays.local,
    clock: systemClock,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${json ? JSON.stringify(result) : `${result.servers} servers run (${result.seconds} s).`}\n`);
  return EXIT.done;
});
