// The flags of `npm run bench -- stack`.
import { resolve } from "node:path";
import type { Command } from "commander";
import { wholeNumber } from "../../infra/stack/command.ts";
import { jsonFileOf } from "../common/notes.ts";
import { runPlan, type StackPlan } from "./run.ts";

export function addStackCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("stack")
    .description("The whole way of a player's messages, and what each hop adds in CPU and in latency.")
    .option("--rooms <n>", "full rooms at once", wholeNumber(1, 8), 2)
    .option("--seconds <s>", "length of each single measurement of CPU", wholeNumber(1, 120), 8)
    .option("--rounds <n>", "how often the CPU of each way is measured", wholeNumber(1, 20), 3)
    .option("--latency-seconds <s>", "how long latencies are taken", wholeNumber(1, 120), 20)
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/stack.json)")
    .action(() => {
      const { json, ...plan } = command.opts<Omit<StackPlan, "jsonFile"> & { json?: string }>();
      const jsonFile = json === undefined ? jsonFileOf(root, "stack") : resolve(json);
      choose(() => runPlan(root, { ...plan, jsonFile }));
    });
}
