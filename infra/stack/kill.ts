// `npm run kill -- ID`: kill -9 of one server, as an accident would have it; or, with `--stop`, ECS's StopTask. The agent
// replaces it.
import { newCommand, runCommand } from "./command.ts";
import { platformOption, type StackOptions, wayToStack } from "./open-stack.ts";
import { EXIT } from "./refusal.ts";

const command = newCommand("npm run kill --", "kill -9 of one game server; it is replaced.")
  .argument("<id>", "which server, as `npm run status` names it")
  .option("--stop", "SIGTERM instead, without draining first, and kill -9 after the stop timeout: ECS's StopTask")
  .addOption(platformOption())
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const { json, platform, stop } = command.opts<StackOptions & { stop?: boolean }>();
  const { agent } = wayToStack(platform);
  const id = command.args[0] ?? "";
  const task = stop ? await agent.stop(id) : await agent.kill(id);
  const done = stop ? "stopped" : "killed";
  process.stdout.write(`${json ? JSON.stringify({ [done]: task }) : `${task.id} is ${done}.`}\n`);
  return EXIT.done;
});
