// The flags of `npm run bench -- slow-reader`, and its run.
import { resolve } from "node:path";
import type { Command } from "commander";
import { wholeNumber } from "../../infra/stack/command.ts";
import { listOf } from "../common/list-of.ts";
import { circumstances, jsonFileOf, say, writeJson } from "../common/notes.ts";
import { targetLine } from "../common/targets.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { withStack } from "./run.ts";
import { measureReader, READERS, type ReaderOutcome, type SlowPlan } from "./slow-reader.ts";
import { slowTable, slowTargets } from "./slow-reader-report.ts";

export function addSlowReaderCommand(
  parent: Command,
  root: string,
  choose: (run: () => Promise<number>) => void,
): void {
  const command = parent
    .command("slow-reader")
    .description("A player who reads little of what there is, beside others: what it gets, what waits for it.")
    .option("--seconds <s>", "how long each reads slowly", wholeNumber(5, 600), 60)
    .option("--rate <bytes>", "what it reads a second", wholeNumber(100, 100_000), 2_000)
    .option("--readers <names>", `of ${READERS.join(", ")}`, listOf(READERS), READERS)
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/slow-reader.json)")
    .action(() => {
      const { json, ...plan } = command.opts<SlowPlan & { json?: string }>();
      choose(() => run(root, plan, json === undefined ? jsonFileOf(root, "slow-reader") : resolve(json)));
    });
}

function run(root: string, plan: SlowPlan, jsonFile: string): Promise<number> {
  return withStack(root, 1, async ({ stack, signal }) => {
    const outcomes: ReaderOutcome[] = [];
    for (const reader of plan.readers) {
      say(`${plan.rate} B/s for ${plan.seconds} s: ${reader}`);
      outcomes.push(await untilAborted(measureReader(reader, stack, plan, signal), signal));
    }
    const targets = slowTargets(outcomes);
    writeJson(jsonFile, { ...circumstances(), plan, targets, outcomes });
    const lines = targets.map(targetLine).join("\n");
    process.stdout.write(
      `A player who reads ${plan.rate} B/s, for ${plan.seconds} s\n${slowTable(outcomes)}\n\n${lines}\n`,
    );
    say(`Everything is in ${jsonFile}.`);
  });
}
