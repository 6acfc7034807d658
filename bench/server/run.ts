// One run: everybody starts, every heat is measured, everybody ends, whatever happens in between.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedRedis } from "../../infra/provision/embedded-redis.ts";
import { sayOnStderr } from "../../infra/provision/progress.ts";
import { provisionRedisProgram } from "../../infra/provision/redis.ts";
import { EXIT } from "../../infra/stack/refusal.ts";
import { runMeasurement } from "../common/measurement.ts";
import { benchHome, circumstances, say, writeJson } from "../common/notes.ts";
import { targetLine } from "../common/targets.ts";
import { untilAborted } from "../common/until-aborted.ts";
import { Worker } from "../common/worker.ts";
import { type Setting, startPeers, startTidegate } from "./contestants.ts";
import type { GeneratorCalls } from "./generator-calls.ts";
import { type Crowd, empty, fill, type Outcome, observe } from "./measure.ts";
import { heatsOf, type ServerPlan } from "./plan.ts";
import { describe } from "./report.ts";
import type { ServerProcess } from "./server-process.ts";
import { summarise, targetsOf } from "./summary.ts";

/** Everything that a measurement of servers needs; ended whatever becomes of `measure`. */
export interface Stage {
  readonly setting: Setting;
  readonly generator: Worker<GeneratorCalls>;
  readonly signal: AbortSignal;
}

export interface StageWanted {
  readonly root: string;
  readonly name: string;
  readonly checkout: string;
  readonly profile: boolean;
}

export async function onStage(wanted: StageWanted, measure: (stage: Stage) => Promise<number>): Promise<number> {
  const { root, checkout, profile } = wanted;
  const folder = join(benchHome(root), wanted.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return runMeasurement(async ({ signal, onStart }) => {
    const redis = await startEmbeddedRedis({
      program: await provisionRedisProgram(sayOnStderr),
      directory: join(folder, "redis"),
      logFile: join(folder, "redis.log"),
    });
    onStart({ close: () => redis.end() });
    const generator = new Worker<GeneratorCalls>("bench/server/generator.ts");
    onStart(generator);
    const profiles = profile ? join(benchHome(root), "profiles") : undefined;
    const setting = { root, checkout, folder, redisUrl: redis.url, profiles, onStart, signal };
    return measure({ setting, generator, signal });
  });
}

export async function runPlan(root: string, plan: ServerPlan): Promise<number> {
  return onStage({ root, name: "server", ...plan }, async ({ setting, generator, signal }) => {
    const { started, missing } = await untilAborted(startAll(setting, plan), signal);
    for (const sentence of missing) say(sentence);
    const crowd: Crowd = { generator, clients: plan.clients, signal };
    for (const server of started) await untilAborted(warmUp(crowd, server, plan.warmUpSeconds), signal);
    const { outcomes, failures } = await measureAll(crowd, started, plan);
    const lines = summarise(outcomes, plan.seconds);
    const targets = targetsOf(outcomes, lines);
    const versions = Object.fromEntries(started.map(({ name, version }) => [name, version]));
    writeJson(plan.jsonFile, { ...circumstances(), plan, versions, missing, failures, targets, lines, outcomes });
    const who = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    const words = [describe(outcomes, lines, plan.clients), ...failures, targets.map(targetLine).join("\n")];
    process.stdout.write(`${who.join(", ")}\n\n${words.join("\n\n")}\n`);
    say(`Everything is in ${plan.jsonFile}.`);
    return outcomes.length > 0 ? EXIT.done : EXIT.notAchieved;
  });
}

async function startAll(setting: Setting, { only }: ServerPlan) {
  const ours = only.includes("tidegate") ? [await startTidegate(setting)] : [];
  const { started, missing } = await startPeers(setting, only);
  return { started: [...ours, ...started], missing };
}

/** A server runs for days, and V8 compiles as it goes: nobody's first seconds are measured. */
async function warmUp(crowd: Crowd, server: ServerProcess, seconds: number): Promise<void> {
  say(`warming up  ${server.name}`);
  await fill(crowd, server);
  await observe(crowd, server, { round: 0, name: server.name }, seconds);
  await empty(crowd);
}

async function measureAll(crowd: Crowd, servers: readonly ServerProcess[], { rounds, seconds }: ServerPlan) {
  const heats = heatsOf(
    rounds,
    servers.map(({ name }) => name),
  );
  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  for (const [index, heat] of heats.entries()) {
    say(`${index + 1}/${heats.length}  round ${heat.round}: ${heat.name}`);
    const server = servers.find(({ name }) => name === heat.name)!;
    try {
      await untilAborted(fill(crowd, server), crowd.signal);
      outcomes.push(await untilAborted(observe(crowd, server, heat, seconds), crowd.signal));
    } catch (error) {
      if (crowd.signal.aborted) throw error;
      failures.push(`Round ${heat.round} of ${heat.name} failed: ${(error as Error).message.trim()}.`);
      say(failures.at(-1)!);
    }
    await empty(crowd);
  }
  return { outcomes, failures };
}
