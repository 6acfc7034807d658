// One run: a scenario from its first server to its end, with every invariant watching. The same scenario gives the same run.

import { INVARIANTS } from "./invariants/all.ts";
import { type Checks, LOOK_MS, type Watch } from "./invariants/invariant.ts";
import type { Scenario } from "./scenario.ts";
import { Simulation } from "./simulation.ts";
import { perform } from "./steps.ts";
import { noTrace, type Trace } from "./trace.ts";
import { AFTERMATH_MS, Weather } from "./weather.ts";

/** Servers are up and have been in touch with Redis for a while before anybody comes. */
const WARM_UP_MS = 3_000;
/** The first players come within this time of each other, and have found their pace after the second. */
const ARRIVAL_MS = 1_000;
const PACE_MS = 1_500;
/** However long rollouts take, it is over then. */
const RUN_MAX_MS = 120_000;
/** Time for a planned departure's last words. */
const CALM_MS = 1_500;
/** Time for the last inputs to be acknowledged. */
const LAST_INPUTS_MS = 1_500;

export interface Outcome {
  seed: number;
  /** Absent when every invariant held. */
  failure?: { invariant: string; what: string; atMs: number };
  /** Of virtual time, and things that happened in it. */
  durationMs: number;
  events: number;
  /** How often players were moved to another connection. */
  moves: number;
}

export async function run(scenario: Scenario, trace: Trace = noTrace): Promise<Outcome> {
  const simulation = new Simulation(scenario.settings, trace);
  const weather = new Weather(() => simulation.clock.now());
  const outcome: Outcome = { seed: scenario.settings.seed, durationMs: 0, events: 0, moves: 0 };
  const broken = (invariant: string) => (what: string) => {
    if (outcome.failure) return;
    outcome.failure = { invariant, what, atMs: simulation.clock.now() };
    trace.say("BROKEN", `${invariant}: ${what}`);
  };
  const checks = Object.entries(INVARIANTS).map(([name, invariant]): Checks => {
    const watch: Watch = { simulation, weather, broken: broken(name) };
    return invariant(watch);
  });
  const onRejection = (reason: unknown) => simulation.observer.fault("a promise that nobody waited for", reason);
  process.on("unhandledRejection", onRejection);
  try {
    await play(scenario, { simulation, weather, checks, outcome });
  } finally {
    process.off("unhandledRejection", onRejection);
  }
  outcome.durationMs = simulation.clock.now();
  outcome.moves = simulation.players.reduce((sum, { session }) => sum + session.stats().moves, 0);
  return outcome;
}

interface Play {
  simulation: Simulation;
  weather: Weather;
  checks: readonly Checks[];
  outcome: Outcome;
}

async function play({ settings, players, steps }: Scenario, { simulation, weather, checks, outcome }: Play) {
  const { clock } = simulation;
  /** Stops early once an invariant is broken: what comes after it says nothing. */
  const advance = async (durationMs: number) => {
    for (let leftMs = durationMs; leftMs > 0 && !outcome.failure; leftMs -= LOOK_MS) {
      await clock.advance(Math.min(LOOK_MS, leftMs), () => {
        outcome.events += 1;
      });
      for (const check of checks) check.look?.();
    }
  };
  const until = async (condition: () => boolean) => {
    while (!condition() && clock.now() < RUN_MAX_MS && !outcome.failure) await advance(LOOK_MS);
  };
  void simulation.operator.begin(settings.servers);
  await advance(WARM_UP_MS);
  for (let index = 0; index < players; index++) {
    simulation.addPlayer();
    await advance(ARRIVAL_MS / players);
  }
  await advance(PACE_MS);
  const beganMs = clock.now();
  for (const step of steps) {
    await advance(beganMs + step.atMs - clock.now());
    if (!outcome.failure) perform(step, simulation, weather);
  }
  await until(
    () => simulation.operator.isIdle && weather.isCalmSince(clock.now()) && everybodyReturned(simulation, weather),
  );
  await advance(weather.wasAlwaysCalm ? CALM_MS : AFTERMATH_MS);
  for (const { session } of simulation.players) session.stopInputs();
  await advance(LAST_INPUTS_MS);
  if (clock.now() >= RUN_MAX_MS) simulation.observer.fault("run", new Error("it does not come to an end"));
  if (!outcome.failure) for (const check of checks) check.atEnd?.();
}

function everybodyReturned(simulation: Simulation, weather: Weather): boolean {
  const nowMs = simulation.clock.now();
  return (
    simulation.players.every(({ page }) => page.mode === "visible") &&
    simulation.players.every((player) => weather.excusedUntilMs(player) < nowMs)
  );
}
