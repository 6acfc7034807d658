// One run of `npm run bench -- arena`: what a player costs in one big arena, spread over it and crowded in its middle, against players in
// rooms of 32 on the same server.
import { setTimeout as sleep } from "node:timers/promises";
import { TICK_MS } from "../../game/sim/index.ts";
import { EXIT } from "../../infra/stack/refusal.ts";
import { formatTable } from "../../infra/stack/table.ts";
import { circumstances, say, writeJson } from "../common/notes.ts";
import { spreadOf } from "../common/statistics.ts";
import { atMost, type Target, targetLine } from "../common/targets.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { startTidegate } from "./contestants.ts";
import { type Crowd, empty, fill, type Outcome, observe } from "./measure.ts";
import { onStage } from "./run.ts";
import type { ServerProcess } from "./server-process.ts";

export interface ArenaPlan {
  readonly players: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  /** For the crowd to come together. */
  readonly gatherSeconds: number;
  readonly profile: boolean;
  readonly checkout: string;
  readonly jsonFile: string;
}

const SITUATIONS = ["rooms", "spread", "crowd"] as const;
export type Situation = (typeof SITUATIONS)[number];

export interface ArenaOutcome extends Outcome {
  readonly situation: Situation;
  /** The share of boats in the middle of the arena. */
  readonly inMiddleShare: number;
}

const ASK_TIMEOUT_MS = 20_000;
const ROOMS_ARE_GONE_MS = 500;

/** Half of what there is: the rest is for inputs and other rooms, and for machines that are slower. */
const TICK_P99_MAX_MS = Math.floor(TICK_MS / 2);

const WORDS: Readonly<Record<Situation, string>> = {
  rooms: "rooms of 32",
  spread: "one arena, spread",
  crowd: "one arena, a crowd in the middle",
};

export async function runArena(root: string, plan: ArenaPlan): Promise<number> {
  return onStage({ root, name: "arena", ...plan }, async ({ setting, generator, signal }) => {
    const server = await untilAborted(startTidegate(setting), signal);
    const crowd: Crowd = { generator, clients: plan.players, signal };
    const outcomes: ArenaOutcome[] = [];
    for (let round = 1; round <= plan.rounds; round++) {
      outcomes.push(...(await untilAborted(measureRooms(crowd, server, round, plan), signal)));
      outcomes.push(...(await untilAborted(measureArena({ ...crowd, waters: "arena" }, server, round, plan), signal)));
    }
    const targets = targetsOf(outcomes);
    writeJson(plan.jsonFile, { ...circumstances(), plan, targets, outcomes });
    process.stdout.write(`${describe(outcomes, plan.players)}\n\n${targets.map(targetLine).join("\n")}\n`);
    say(`Everything is in ${plan.jsonFile}.`);
    return EXIT.done;
  });
}

async function measureRooms(crowd: Crowd, server: ServerProcess, round: number, plan: ArenaPlan) {
  await fill(crowd, server);
  const outcome = await measureSituation(crowd, server, "rooms", round, plan);
  await empty(crowd);
  await sleep(ROOMS_ARE_GONE_MS, undefined, { signal: crowd.signal });
  return [outcome];
}

async function measureArena(crowd: Crowd, server: ServerProcess, round: number, plan: ArenaPlan) {
  const { generator, signal } = crowd;
  await fill(crowd, server);
  const spread = await measureSituation(crowd, server, "spread", round, plan);
  await generator.ask("gather", undefined, ASK_TIMEOUT_MS);
  say("they gather");
  await sleep(plan.gatherSeconds * 1_000, undefined, { signal });
  const gathered = await measureSituation(crowd, server, "crowd", round, plan);
  await empty(crowd);
  return [spread, gathered];
}

async function measureSituation(
  crowd: Crowd,
  server: ServerProcess,
  situation: Situation,
  round: number,
  { seconds, warmUpSeconds }: ArenaPlan,
): Promise<ArenaOutcome> {
  say(`round ${round}: ${WORDS[situation]}`);
  if (situation !== "crowd") await sleep(warmUpSeconds * 1_000, undefined, { signal: crowd.signal });
  const outcome = await observe(crowd, server, { round, name: server.name }, seconds);
  const inMiddleShare = await crowd.generator.ask("gathered", undefined, ASK_TIMEOUT_MS);
  return { ...outcome, situation, inMiddleShare };
}

const of = (outcomes: readonly ArenaOutcome[], situation: Situation) =>
  outcomes.filter((one) => one.situation === situation);

const median = (outcomes: readonly ArenaOutcome[], pick: (one: ArenaOutcome) => number): number =>
  spreadOf(outcomes.map(pick))?.median ?? Number.NaN;

/** How many times the CPU of a player in a room of 32, the median of each round's own ratio. */
export function costRatio(outcomes: readonly ArenaOutcome[], situation: Situation): number {
  const base = of(outcomes, "rooms");
  return median(of(outcomes, situation), ({ round, cpuUs }) => cpuUs / base.find((one) => one.round === round)!.cpuUs);
}

export function targetsOf(outcomes: readonly ArenaOutcome[]): Target[] {
  return (["spread", "crowd"] as const).flatMap((situation) => {
    const own = of(outcomes, situation);
    const [ratio, bytes, tick] = [
      costRatio(outcomes, situation),
      median(own, ({ bytesDownPerSecond }) => bytesDownPerSecond / 1_000),
      median(own, ({ tickP99Ms }) => tickP99Ms ?? Number.NaN),
    ];
    return [
      atMost(`arena: CPU of a player against rooms of 32, ${situation}`, {
        ...{ value: ratio, atMost: 2, unit: "×", digits: 2 },
      }),
      atMost(`arena: bytes down of a client, ${situation}`, { value: bytes, atMost: 6, unit: "KB/s", digits: 1 }),
      atMost(`arena: tick p99, ${situation}`, { value: tick, atMost: TICK_P99_MAX_MS, unit: "ms", digits: 1 }),
    ];
  });
}

export function describe(outcomes: readonly ArenaOutcome[], players: number): string {
  const heads = [
    ...["", "CPU µs", "user", "system", "× rooms of 32", "KB/s down", "most", "interval p99 ms", "tick p99 ms"],
    ...["GC max ms", "MiB", "snapshots", "inputs", "in the middle", "idle"],
  ];
  const rows = SITUATIONS.map((situation) => {
    const own = of(outcomes, situation);
    const number = (pick: (one: ArenaOutcome) => number, digits: number) => median(own, pick).toFixed(digits);
    const percent = (pick: (one: ArenaOutcome) => number) => `${number((one) => pick(one) * 100, 0)} %`;
    return [
      WORDS[situation],
      number(({ cpuUs }) => cpuUs, 0),
      number(({ userUs }) => userUs, 0),
      number(({ systemUs }) => systemUs, 0),
      costRatio(outcomes, situation).toFixed(2),
      number(({ bytesDownPerSecond }) => bytesDownPerSecond / 1_000, 1),
      number(({ bytesDownPerSecondMax }) => bytesDownPerSecondMax / 1_000, 1),
      number(({ intervalP99Ms }) => intervalP99Ms, 0),
      number(({ tickP99Ms }) => tickP99Ms ?? Number.NaN, 1),
      number(({ pauses }) => pauses.maxMs, 1),
      number(({ residentMiB }) => residentMiB, 0),
      percent(({ downShare }) => downShare),
      percent(({ upShare }) => upShare),
      situation === "rooms" ? "" : percent(({ inMiddleShare }) => inMiddleShare),
      percent(({ idleShare }) => idleShare),
    ];
  });
  return `${players} players on one server, 30 inputs and 30 snapshots a second each; CPU for a player-second\n${formatTable(heads, rows)}`;
}
