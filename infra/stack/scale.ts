// `npm run scale -- N`: starts or takes out servers until N run. Those that leave empty themselves first; after new ones
// have come, the servers hand some of their rooms and players to them.
import { type AgentClient, agentClient, waitForTasks } from "./agent-client.ts";
import { systemClock as clock } from "./clock.ts";
import { newCommand, runCommand, wholeNumber } from "./command.ts";
import { isDeploying } from "./deployment-lock.ts";
import { readEnvironment } from "./environment.ts";
import { describeHome } from "./home.ts";
import { EXIT, Refusal } from "./refusal.ts";
import { isBalanced, planScale, type ScalePlan } from "./scale-plan.ts";
import { readLoads, type ServerLoad } from "./statusz.ts";
import { isWanted } from "./task-life.ts";
import { topology } from "./topology.ts";

const START_TIMEOUT_MS = 30_000;
/** Servers start one after the other while others serve. */
const START_TIMEOUT_EACH_MS = 5_000;
const STOP_SLACK_MS = 15_000;
/** How long the command stays to see the players spread. The servers go on with it by themselves. */
const BALANCE_TIMEOUT_MS = 60_000;
const BALANCE_POLL_MS = 500;

const { servers } = topology.service;
const { deregistrationDelaySeconds, stopTimeoutSeconds } = topology.delays.local;
const STOP_TIMEOUT_MS = (deregistrationDelaySeconds + stopTimeoutSeconds) * 1000 + STOP_SLACK_MS;

const command = newCommand("npm run scale --", "Sets how many game servers run.")
  .argument("<count>", `from 1 to ${servers.max}`, wholeNumber(1, servers.max))
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const startedMs = clock.nowMs();
  const wanted = command.processedArgs[0] as number;
  const home = describeHome(readEnvironment().home);
  if (isDeploying(home)) throw new Refusal("deploying", "A deploy is under way: scale when it has ended.");
  const client = agentClient(home);
  const tasks = await client.tasks();
  const plan = planScale(tasks, wanted, await readLoads(tasks.filter((task) => isWanted(task.status))));
  const started = await startServers(client, plan);
  await stopServers(client, plan.stop);
  const seconds = secondsSince(startedMs);
  const result = { servers: wanted, started, stopped: plan.stop, seconds };
  const text = command.opts<{ json?: boolean }>().json
    ? JSON.stringify(result)
    : `${wanted} servers run (${seconds} s).`;
  process.stdout.write(`${text}\n`);
  return EXIT.done;
});

async function startServers(client: AgentClient, plan: ScalePlan): Promise<string[]> {
  if (plan.start.length === 0) return [];
  const startedMs = clock.nowMs();
  const tasks = await Promise.all(plan.start.map((one) => client.start(one)));
  const ids = tasks.map((task) => task.id);
  say(`Starting ${ids.join(", ")} ...`);
  const settled = await waitForTasks(
    client,
    (all) =>
      all
        .filter((task) => ids.includes(task.id))
        .every((task) => task.status === "RUNNING" || task.status === "STOPPED"),
    "Starting the servers",
    START_TIMEOUT_MS + ids.length * START_TIMEOUT_EACH_MS,
    clock,
  );
  const failed = settled.find((task) => ids.includes(task.id) && task.status === "STOPPED");
  if (failed) throw new Refusal("task-failed", failed.stoppedReason ?? `${failed.id} has ended.`);
  say(`${ids.join(", ")} healthy after ${secondsSince(startedMs)} s.`);
  await waitUntilBalanced(client);
  return ids;
}

/** A new server takes its share of those who play already. That they do not spread in time is no failure of this command. */
async function waitUntilBalanced(client: AgentClient): Promise<void> {
  const startedMs = clock.nowMs();
  for (;;) {
    const loads = await readLoads((await client.tasks()).filter((task) => task.status === "RUNNING"));
    const seconds = secondsSince(startedMs);
    if (isBalanced([...loads.values()].map((load) => load.players))) {
      return say(`Players are spread after ${seconds} s: ${shown(loads)}.`);
    }
    if (seconds * 1000 >= BALANCE_TIMEOUT_MS) {
      return say(`Players are not spread after ${seconds} s, and the servers go on with it: ${shown(loads)}.`);
    }
    await clock.sleep(BALANCE_POLL_MS);
  }
}

async function stopServers(client: AgentClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const startedMs = clock.nowMs();
  await client.retire(ids);
  say(`Taking out ${ids.join(", ")}: rooms first, then players (at most ${deregistrationDelaySeconds} s) ...`);
  const gone = (status: string | undefined) => status === undefined || status === "STOPPED";
  await waitForTasks(
    client,
    (all) => ids.every((id) => gone(all.find((task) => task.id === id)?.status)),
    "Taking the servers out",
    STOP_TIMEOUT_MS,
    clock,
  );
  say(`${ids.join(", ")} gone after ${secondsSince(startedMs)} s.`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(startedMs: number): number {
  return Math.round((clock.nowMs() - startedMs) / 100) / 10;
}

function shown(loads: ReadonlyMap<string, ServerLoad>): string {
  return [...loads].map(([id, load]) => `${id} ${load.players}`).join(", ");
}
