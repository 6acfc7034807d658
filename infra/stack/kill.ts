// `npm run kill -- ID`: kill -9 of one server, as an accident would have it. The agent replaces it.
import { agentClient } from "./agent-client.ts";
import { newCommand, runCommand } from "./command.ts";
import { readEnvironment } from "./environment.ts";
import { describeHome } from "./home.ts";
import { EXIT } from "./refusal.ts";

const command = newCommand("npm run kill --", "kill -9 of one game server; it is replaced.")
  .argument("<id>", "which server, as `npm run status` names it")
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const task = await agentClient(describeHome(readEnvironment().home)).kill(command.args[0] ?? "");
  const text = command.opts<{ json?: boolean }>().json ? JSON.stringify({ killed: task }) : `${task.id} is killed.`;
  process.stdout.write(`${text}\n`);
  return EXIT.done;
});
