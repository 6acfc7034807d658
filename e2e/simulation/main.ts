// `npm run simulate`: as many runs as wanted, one seed each. Exit codes: 0 every invariant held, 1 one was broken, 2 wrong usage.

import { WrongUsage } from "../../client/bots/flags.ts";
import { parseOptions, type SimulateOptions } from "./options.ts";
import { add, describeFailure, emptySummary, sentenceOf } from "./report.ts";
import { type Outcome, run } from "./run.ts";
import { scenarioOf } from "./scenario.ts";
import { shrink } from "./shrink.ts";
import { noTrace, Story } from "./trace.ts";

const EXIT = { done: 0, notAchieved: 1, wrongUsage: 2 } as const;
const PROGRESS_MS = 5_000;

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof WrongUsage)) throw error;
  say(error.message);
  return EXIT.wrongUsage;
});

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), (text) => process.stdout.write(text));
  if (!options) return EXIT.done;
  const summary = emptySummary();
  const beganMs = performance.now();
  let saidMs = beganMs;
  for (const seed of seedsOf(options)) {
    const outcome = await one(seed, options);
    add(summary, outcome);
    if (outcome.failure) {
      const scenario = scenarioOf(seed);
      const { players, steps } = await shrink(scenario, outcome.failure.invariant, run);
      const failed = { seed, ...outcome.failure, smallest: { players, steps } };
      summary.failed.push(failed);
      say(describeFailure(failed));
    }
    summary.seconds = (performance.now() - beganMs) / 1000;
    if (performance.now() - saidMs < PROGRESS_MS) continue;
    saidMs = performance.now();
    say(sentenceOf(summary));
  }
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else process.stdout.write(`${sentenceOf(summary)}\n`);
  return summary.failed.length === 0 ? EXIT.done : EXIT.notAchieved;
}

/** A run that fails is told from its beginning, by running it again. */
async function one(seed: number, { trace, seed: only }: SimulateOptions): Promise<Outcome> {
  const scenario = scenarioOf(seed);
  const isTold = trace && only !== undefined;
  const outcome = isTold ? undefined : await run(scenario, noTrace);
  if (outcome && !(outcome.failure && trace)) return outcome;
  const story = new Story();
  const told = await run(scenario, story);
  say(story.lines.join("\n"));
  return told;
}

function* seedsOf({ seed, seeds, first }: SimulateOptions): Generator<number> {
  if (seed !== undefined) yield seed;
  else for (let at = 0; at < seeds; at++) yield first + at;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
