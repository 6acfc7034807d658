// `npm run bots` beside a change of the stack: begins before it, is told to finish after it, and says what the players felt.

import type { BotsReport } from "../../client/bots/report.ts";
import { atMost, exactly, type Finding, noted } from "./findings.ts";
import { PLANNED } from "./limits.ts";
import { until, wait } from "./patience.ts";
import type { Stage } from "./stage.ts";

/** They are told to finish long before. */
const SECONDS_MAX = 900;
const SEATED_LIMIT_MS = 60_000;
/** Play before the change, so that everything has found its pace, and after it, so that its end is felt too. */
const BEFORE_MS = 4_000;
const AFTER_MS = 3_000;

/** What `npm run bots` reports about players who played while `change` went on, and what `change` resolved to. */
export async function duringPlay<Result>(
  stage: Stage,
  players: number,
  change: () => Promise<Result>,
): Promise<{ report: BotsReport; result: Result }> {
  const bots = stage.start("bots", "--count", `${players}`, "--seconds", `${SECONDS_MAX}`);
  await Promise.race([allSeated(stage, players), failure(bots.ended)]);
  await wait(BEFORE_MS, stage.signal);
  try {
    const result = await change();
    await wait(AFTER_MS, stage.signal);
    bots.interrupt();
    return { report: reportOf((await bots.ended).json), result };
  } finally {
    bots.interrupt();
  }
}

/** Resolves when the servers have as many players together. */
function allSeated(stage: Stage, players: number): Promise<void> {
  return until(`${players} players are seated`, SEATED_LIMIT_MS, stage.signal, async () => {
    const seated = (await stage.status()).reduce((sum, server) => sum + server.players, 0);
    return seated >= players;
  });
}

async function failure(ended: ReturnType<Stage["start"]>["ended"]): Promise<never> {
  const { code, said } = await ended;
  throw new Error(`npm run bots ended with ${code}: ${said.trim()}`);
}

function reportOf(json: unknown): BotsReport {
  if (typeof json !== "object" || json === null || !("gapMs" in json)) throw new Error("npm run bots gave no report.");
  return json as BotsReport;
}

/** Neither taken nor known to be lost: an input of which nobody ever heard again is lost as well. */
const unanswered = ({ sent, acked, lost }: BotsReport["inputs"]): number => Math.max(0, sent - acked - lost);

/** The limits of a planned change. */
export function judgePlanned(report: BotsReport, players: number, movesMax: number): Finding[] {
  const { disconnects, inputs, movesPerPlayerMax, gapMs } = report;
  return [
    exactly("players who played to the end", report.players, players),
    atMost("disconnects", disconnects, PLANNED.disconnects),
    atMost("inputs lost", inputs.lost + unanswered(inputs), PLANNED.inputsLost),
    atMost("inputs doubled", inputs.doubled, PLANNED.inputsDoubled),
    atMost("moves of one player", movesPerPlayerMax, movesMax),
    atMost("gap p99", gapMs.p99, PLANNED.gapP99Ms, "ms"),
    atMost("gap max", gapMs.max, PLANNED.gapMaxMs, "ms"),
    noted("moves of all players", report.moves),
  ];
}
