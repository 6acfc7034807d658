// ECS's StopTask for the server with the most players: SIGTERM at the moment of its deregistration. It has its stop
// timeout to hand over, and nothing else.

import { duringPlay, judgePlanned } from "../bots.ts";
import { atMost, exactly, noted } from "../findings.ts";
import { PLANNED, PLAYERS } from "../limits.ts";
import { until } from "../patience.ts";
import type { Scenario } from "./scenario.ts";

const GONE_LIMIT_MS = 30_000;
const SERVERS = 3;

export const stopTask: Scenario = {
  name: "stop-task",
  about: `${PLAYERS} players, npm run kill -- ID --stop of the fullest of three servers`,
  async run(theatre) {
    const stage = await theatre.stage();
    const { report, result } = await duringPlay(stage, PLAYERS, async () => {
      const fullest = (await stage.status()).toSorted((a, b) => b.players - a.players)[0];
      if (!fullest) throw new Error("No server answers.");
      const startedMs = performance.now();
      await stage.run("kill", fullest.id, "--stop");
      const isGone = async () =>
        (await stage.agent.tasks()).every(({ id, status }) => id !== fullest.id || status === "STOPPED");
      await until("the stopped server is gone", GONE_LIMIT_MS, stage.signal, isGone);
      const seconds = (performance.now() - startedMs) / 1_000;
      return { ...fullest, seconds };
    });
    await stage.ready(SERVERS);
    return [
      ...judgePlanned(report, PLAYERS, PLANNED.movesOfOnePlayer),
      atMost("players still on it", report.servers[result.id] ?? 0, 0),
      exactly("servers again", (await stage.status()).length, SERVERS),
      noted("players who were on it", result.players),
      noted("until it had handed over and ended", result.seconds, "s"),
    ];
  },
};
