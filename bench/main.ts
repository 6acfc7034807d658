// `npm run bench -- WHAT`: the side-by-side measurements, explained in docs/benchmarks.md. Flags in, tables out.
import { resolve } from "node:path";
import { newCommand, runCommand } from "../infra/stack/command.ts";
import { EXIT, Refusal } from "../infra/stack/refusal.ts";
import { addMemoryCommand } from "./alb-memory-command.ts";
import { addProxyCommand } from "./proxy/command.ts";

type Run = () => Promise<number>;

const root = resolve(import.meta.dirname, "..");
let chosen: Run | undefined;
const choose = (run: Run): void => {
  chosen = run;
};

const command = newCommand("npm run bench --", "Measures Tidegate beside others.")
  .argument("[what]")
  .action(() => {});
addProxyCommand(command, root, choose);
addMemoryCommand(command, root, choose);

await runCommand(command, () => {
  if (chosen) return chosen();
  const names = command.commands.map((one) => one.name()).join(" or ");
  throw new Refusal("bench-what", `Say what to measure: npm run bench -- ${names}.`, { exitCode: EXIT.wrongUsage });
});
