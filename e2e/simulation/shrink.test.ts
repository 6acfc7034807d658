import { expect, it } from "vitest";
import type { Outcome } from "./run.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { shrink } from "./shrink.ts";

const outcomeOf = (invariant?: string): Outcome => ({
  ...{ seed: 1, durationMs: 0, events: 0, moves: 0 },
  ...(invariant && { failure: { invariant, what: "", atMs: 0 } }),
});

it("leaves out every step, player and server that the failure does not need", async () => {
  const { settings } = scenarioOf(1);
  const scenario: Scenario = {
    settings: { ...settings, servers: 3 },
    players: 4,
    steps: [
      { atMs: 1, kind: "deploy" },
      { atMs: 2, kind: "join" },
      { atMs: 3, kind: "kill", server: 0 },
    ],
  };
  const needsKillAndTwoPlayers = async ({ players, steps }: Scenario) => {
    const hasKill = steps.some(({ kind }) => kind === "kill");
    return outcomeOf(hasKill && players >= 2 ? "some" : steps.length === 0 ? "another" : undefined);
  };
  expect(await shrink(scenario, "some", needsKillAndTwoPlayers)).toEqual({
    settings: { ...settings, servers: 1 },
    players: 2,
    steps: [{ atMs: 3, kind: "kill", server: 0 }],
  });
});
