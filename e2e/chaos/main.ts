// `npm run chaos`: a stack of its own, players on it, and everything that may happen to it, measured against limits.ts.
// `npm run chaos -- --only kill,redis --times 3` runs only those, three times each.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { InvalidArgumentError } from "commander";
import { newCommand, runCommand, wholeNumber } from "../../infra/stack/command.ts";
import { EXIT } from "../../infra/stack/refusal.ts";
import { onEndingSignals } from "../../infra/stack/signals.ts";
import { noted } from "./findings.ts";
import { hasPassed, type RunReport, reportAsJson, reportAsText } from "./report.ts";
import { deployBlueGreen, deployRolling } from "./scenarios/deploy.ts";
import { kill } from "./scenarios/kill.ts";
import { partition } from "./scenarios/partition.ts";
import { redis } from "./scenarios/redis.ts";
import { redisSlow } from "./scenarios/redis-slow.ts";
import { scale } from "./scenarios/scale.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { stopTask } from "./scenarios/stop-task.ts";
import { Theatre } from "./theatre.ts";

const SCENARIOS: readonly Scenario[] = [
  deployRolling,
  deployBlueGreen,
  scale,
  stopTask,
  kill,
  redis,
  redisSlow,
  partition,
];
const TIMES_MAX = 100;
/** How late timers of this process were: what the machine, or a garbage collection here, adds to every gap. */
const LATENESS_RESOLUTION_MS = 5;
const NANOSECONDS_PER_MS = 1e6;

const command = newCommand("npm run chaos --", "Breaks and changes a stack of its own while players are on it.")
  .option("--only <scenarios>", `of ${SCENARIOS.map(({ name }) => name).join(",")}`, parseScenarios)
  .option("--times <count>", "how often each of them runs", wholeNumber(1, TIMES_MAX), 1)
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const options = command.opts<{ only?: readonly Scenario[]; times: number; json?: boolean }>();
  const { only = SCENARIOS, times, json } = options;
  const interruption = new AbortController();
  onEndingSignals(
    () => interruption.abort(new Error("interrupted")),
    () => process.exit(EXIT.notAchieved),
  );
  const theatre = new Theatre(interruption.signal, say);
  const runs: RunReport[] = [];
  try {
    for (const scenario of only) {
      for (let round = 1; round <= times && !interruption.signal.aborted; round++) {
        say(`${scenario.name} (${round} of ${times}): ${scenario.about}`);
        runs.push(await runOnce(scenario, round, theatre));
      }
    }
  } finally {
    await theatre.close();
  }
  process.stdout.write(json ? reportAsJson(runs) : reportAsText(runs));
  return runs.every(hasPassed) && !interruption.signal.aborted ? EXIT.done : EXIT.notAchieved;
});

/** Never rejects: what went wrong is part of the report. */
async function runOnce(scenario: Scenario, round: number, theatre: Theatre): Promise<RunReport> {
  const startedMs = performance.now();
  const made = { scenario: scenario.name, round };
  const seconds = () => Math.round((performance.now() - startedMs) / 1000);
  const lateness = monitorEventLoopDelay({ resolution: LATENESS_RESOLUTION_MS });
  lateness.enable();
  try {
    const findings = await scenario.run(theatre);
    const late = noted("this process was late by up to", lateness.max / NANOSECONDS_PER_MS, "ms");
    const report = { ...made, findings: [...findings, late], seconds: seconds() };
    for (const { what, measured, unit, passed } of report.findings) {
      if (!passed) say(`  missed: ${what} ${measured} ${unit}`);
    }
    if (!hasPassed(report)) await keepLogs(scenario, theatre);
    return report;
  } catch (error) {
    if (!theatre.signal.aborted) await keepLogs(scenario, theatre);
    return { ...made, findings: [], seconds: seconds(), error: (error as Error).message };
  } finally {
    lateness.disable();
  }
}

/** What went wrong once may have left its marks: the next run gets a new stack. */
async function keepLogs(scenario: Scenario, theatre: Theatre): Promise<void> {
  const kept = await theatre.spoil(scenario.name);
  if (kept !== undefined) say(`the logs are in ${kept}`);
}

function parseScenarios(text: string): Scenario[] {
  return text.split(",").map((name) => {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (!scenario) throw new InvalidArgumentError(`There is no scenario ${JSON.stringify(name)}.`);
    return scenario;
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
