// The smallest scenario that still breaks the same invariant: steps and players are left out one after the other while it does.

import type { Outcome } from "./run.ts";
import type { Scenario } from "./scenario.ts";

export async function shrink(
  scenario: Scenario,
  invariant: string,
  run: (scenario: Scenario) => Promise<Outcome>,
): Promise<Scenario> {
  for (const smaller of smallerOnes(scenario)) {
    const { failure } = await run(smaller);
    if (failure?.invariant === invariant) return shrink(smaller, invariant, run);
  }
  return scenario;
}

function* smallerOnes(scenario: Scenario): Generator<Scenario> {
  const { settings, players, steps } = scenario;
  for (const step of steps) yield { ...scenario, steps: steps.filter((other) => other !== step) };
  if (players > 1) yield { ...scenario, players: players - 1 };
  if (settings.servers > 1) yield { ...scenario, settings: { ...settings, servers: settings.servers - 1 } };
}
