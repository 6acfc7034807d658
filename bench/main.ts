// `npm run bench`: the side-by-side measurements, explained in docs/benchmarks.md. With a name one of them, at length by its flags;
// without a name all of them in short.
import { resolve } from "node:path";
import { newCommand, runCommand } from "../infra/stack/command.ts";
import { EXIT, Refusal } from "../infra/stack/refusal.ts";
import { addMemoryCommand } from "./alb-memory-command.ts";
import { addFeelCommand } from "./feel/command.ts";
import { addProxyCommand } from "./proxy/command.ts";
import { addArenaCommand } from "./server/arena-command.ts";
import { addServerCommand } from "./server/command.ts";
import { addStackCommand } from "./stack/command.ts";
import { addSlowReaderCommand } from "./stack/slow-reader-command.ts";
import { runWhole } from "./whole-run.ts";

type Run = () => Promise<number>;

const root = resolve(import.meta.dirname, "..");
let chosen: Run | undefined;
const choose = (run: Run): void => {
  chosen = run;
};

const command = newCommand(
  "npm run bench --",
  "Measures Tidegate beside others: everything in short, or one thing at length.",
)
  .argument("[what]")
  .action((what: string | undefined) => choose(() => (what === undefined ? runWhole(root) : refuse(what))));
addServerCommand(command, root, choose);
addProxyCommand(command, root, choose);
addFeelCommand(command, root, choose);
addMemoryCommand(command, root, choose);
addStackCommand(command, root, choose);
addSlowReaderCommand(command, root, choose);
addArenaCommand(command, root, choose);

await runCommand(command, () => chosen!());

function refuse(what: string): never {
  const names = command.commands.map((one) => one.name()).join(", ");
  throw new Refusal("bench-what", `There is no measurement ${JSON.stringify(what)}, but there are ${names}.`, {
    exitCode: EXIT.wrongUsage,
  });
}
