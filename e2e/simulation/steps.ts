// Does what a scenario's steps say, and notes what they excuse. A step whose server or player is not there does nothing.

import { RECONNECT_MAX_MS } from "../../server/cluster/timing.ts";
import type { Player } from "./player.ts";
import type { Step } from "./scenario.ts";
import type { Server } from "./server.ts";
import type { Simulation } from "./simulation.ts";
import type { Weather } from "./weather.ts";

/** A person who comes back to the page, or comes over another network, is given this long. */
const RETURN_MS = 12_000;

export function perform(step: Step, simulation: Simulation, weather: Weather): void {
  const { atMs: _, kind, ...details } = step;
  simulation.trace.say("step", kind, details);
  switch (step.kind) {
    case "join":
      simulation.addPlayer();
      return;
    case "leave":
    case "reload":
    case "lose-network":
    case "hide":
    case "sleep":
      withPlayer(simulation, step.player, (player) => playerStep(step, player, simulation, weather));
      return;
    case "deploy":
      void simulation.operator.deploy();
      return;
    case "scale":
      void simulation.operator.scale(step.by);
      return;
    case "terminate":
      // SIGTERM out of the blue: nobody has deregistered it.
      withServer(simulation, step.server, (server) => {
        if (simulation.operator.isIdle && simulation.healthy.length > 1) simulation.operator.terminate(server);
      });
      return;
    case "kill":
      withServer(simulation, step.server, (server) => {
        // The last one would take the game with it.
        if (simulation.living.length < 2) return;
        weather.begin("kill")();
        server.kill();
      });
      return;
    case "redis-down":
      redisDown(step, simulation, weather);
      return;
    case "redis-slow":
      redisSlow(step, simulation, weather);
      return;
    case "partition":
      withServer(simulation, step.server, (server) => partition(step, server, simulation, weather));
      return;
    default:
      step satisfies never;
  }
}

type PlayerStep = Extract<Step, { player: number }>;

function playerStep(step: PlayerStep, player: Player, simulation: Simulation, weather: Weather): void {
  const nowMs = simulation.clock.now();
  // Behind a closed lid nobody does anything.
  if (player.page.mode === "asleep") return;
  switch (step.kind) {
    case "leave":
      weather.excuse(player, nowMs + RETURN_MS);
      player.leave();
      return;
    case "reload":
      weather.excuse(player, nowMs + RETURN_MS);
      player.reload();
      return;
    case "lose-network":
      weather.excuse(player, nowMs + RETURN_MS);
      player.loseNetwork();
      return;
    case "hide":
      // Nothing is excused: a hidden tab hears and says what it did before.
      player.hide();
      simulation.clock.after(step.forMs, () => player.show());
      return;
    case "sleep":
      weather.excuse(player, nowMs + step.forMs + RETURN_MS);
      player.sleep();
      simulation.clock.after(step.forMs, () => player.show());
      return;
    default:
      step satisfies never;
  }
}

function redisDown(step: Extract<Step, { kind: "redis-down" }>, simulation: Simulation, weather: Weather): void {
  const end = weather.begin("redis");
  simulation.setRedis(step.link);
  if (step.isWiped) {
    simulation.redis.wipe();
    weather.hasForgotten = true;
  }
  simulation.clock.after(step.forMs, () => {
    simulation.setRedis("up");
    simulation.clock.after(RECONNECT_MAX_MS, end);
  });
}

function redisSlow(step: Extract<Step, { kind: "redis-slow" }>, simulation: Simulation, weather: Weather): void {
  const end = weather.begin("slow");
  simulation.setRedisDelay(step.delayMs);
  simulation.clock.after(step.forMs, () => {
    simulation.setRedisDelay(simulation.settings.redisDelayMs);
    end();
  });
}

function partition(
  step: Extract<Step, { kind: "partition" }>,
  server: Server,
  simulation: Simulation,
  weather: Weather,
): void {
  const end = weather.begin("partition");
  server.setLink(step.link);
  simulation.clock.after(step.forMs, () => {
    if (!server.isDead) server.setLink(simulation.redisLink);
    end();
  });
}

function withPlayer(simulation: Simulation, index: number, action: (player: Player) => void): void {
  const here = simulation.players.filter((player) => player.isHere);
  if (here.length > 0) action(here[index % here.length]!);
}

function withServer(simulation: Simulation, index: number, action: (server: Server) => void): void {
  const { living } = simulation;
  if (living.length > 0) action(living[index % living.length]!);
}
