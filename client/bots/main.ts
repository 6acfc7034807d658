// `npm run bots`: headless players through the load balancer, and a report of what they felt.

import { systemClock } from "../net/clock.ts";
import { condition } from "../net/conditioner.ts";
import { socketIoDial } from "../net/connect.ts";
import type { BotOutcome } from "./bot.ts";
import { WrongUsage } from "./flags.ts";
import { runFleet } from "./fleet.ts";
import { parseOptions } from "./options.ts";
import { type BotsReport, couldPlay, reportOf, tableOf } from "./report.ts";
import { findTarget, NoTarget } from "./target.ts";

const EXIT = { done: 0, notAchieved: 1, wrongUsage: 2 } as const;
/** Time for the players' goodbyes to leave the machine. */
const GOODBYE_MS = 200;

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof WrongUsage || error instanceof NoTarget)) throw error;
  say(error.message);
  return error instanceof WrongUsage ? EXIT.wrongUsage : EXIT.notAchieved;
});

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), (text) => process.stdout.write(text));
  if (!options) return EXIT.done;
  const target = await findTarget(options, process.env);
  const { count, rtt: rttMs, jitter: jitterMs } = options;
  const network = condition(socketIoDial(target), { rttMs, jitterMs }, systemClock, Math.random);
  const way = rttMs + jitterMs > 0 ? ` over a way ${rttMs} ms longer, uneven by ${jitterMs} ms` : "";
  say(`${count} players go to ${target.url}${way}`);
  const outcomes = await runFleet({
    ...options,
    dial: network.dial,
    clock: systemClock,
    random: Math.random,
    progress: say,
    report: options.json ? (outcomes) => print(reportOf(outcomes)) : () => {},
    signal: endOnSignal(),
  });
  const report = reportOf(outcomes);
  if (options.json) print(report);
  else process.stdout.write(`${tableOf(report)}\n`);
  sayWhoCouldNot(outcomes);
  setTimeout(() => process.exit(), GOODBYE_MS).unref();
  return outcomes.length === options.count && outcomes.every(couldPlay) ? EXIT.done : EXIT.notAchieved;
}

/** A first signal ends the run and still reports; a second one ends the process, as the system has it. */
function endOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

function sayWhoCouldNot(outcomes: readonly BotOutcome[]): void {
  const others = outcomes.filter((outcome) => !couldPlay(outcome));
  if (others.length === 0) return;
  const reasons = new Set(
    others.map(({ wasSeated, refusal }) => refusal ?? (wasSeated ? "Too few snapshots." : "No seat in time.")),
  );
  say(`${others.length} players could not play: ${[...reasons].join(" ")}`);
}

function print(report: BotsReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
