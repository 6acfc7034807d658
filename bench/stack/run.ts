// One run of `npm run bench -- stack`: the stack and its players start, everything is measured, everybody ends, whatever happens.
import { EXIT } from "../../infra/stack/refusal.ts";
import { type Measurement, runMeasurement } from "../common/measurement.ts";
import { circumstances, say, writeJson } from "../common/notes.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { Worker } from "../common/worker.ts";
import { type Cast, type HeatOutcome, makeRooms, measureHeat, measureIdle, measureLatencies } from "./measure.ts";
import { type PlayersCalls, WAYS } from "./players-protocol.ts";
import { costsOf, describe } from "./report.ts";
import { type RunningStack, startStack } from "./running-stack.ts";

const IDLE_SECONDS = 3;

export interface StackPlan {
  /** Full rooms at once. */
  readonly rooms: number;
  /** Of each single measurement of CPU. */
  readonly seconds: number;
  readonly rounds: number;
  readonly latencySeconds: number;
  readonly jsonFile: string;
}

export async function runPlan(root: string, plan: StackPlan): Promise<number> {
  return withStack(root, 2, async ({ stack, signal, onStart }) => {
    const players = new Worker<PlayersCalls>("bench/stack/players.ts");
    onStart(players);
    const cast: Cast = { stack, players, signal };
    const heats = Array.from({ length: plan.rounds }, (_, index) =>
      WAYS.map((way) => ({ round: index + 1, way })),
    ).flat();
    say("nobody plays");
    const idle = await measureIdle(cast, IDLE_SECONDS);
    say("latencies");
    const latencies = await untilAborted(measureLatencies(cast, plan.rooms, plan.latencySeconds), signal);
    const codes = await untilAborted(makeRooms(cast, plan.rooms), signal);
    const outcomes: HeatOutcome[] = [];
    for (const [index, heat] of heats.entries()) {
      say(`${index + 1}/${heats.length}  round ${heat.round}: ${heat.way}`);
      outcomes.push(await untilAborted(measureHeat(cast, heat, codes, plan.seconds), signal));
    }
    const costs = costsOf(idle, outcomes);
    // Nobody has set this measurement a limit: it says where the time goes.
    writeJson(plan.jsonFile, { ...circumstances(), plan, targets: [], idle, costs, latencies, outcomes });
    process.stdout.write(`${describe(costs, latencies)}\n`);
    say(`Everything is in ${plan.jsonFile}.`);
  });
}

interface Running extends Measurement {
  readonly stack: RunningStack;
}

/** Starts a stack, and ends it after `measure` whatever becomes of it. */
export async function withStack(
  root: string,
  servers: 1 | 2,
  measure: (running: Running) => Promise<void>,
): Promise<number> {
  return runMeasurement(async ({ signal, onStart }) => {
    say("starting a stack of its own");
    const stack = await untilAborted(startStack({ root, servers, onStart, signal }), signal);
    await measure({ stack, signal, onStart });
    return EXIT.done;
  });
}
