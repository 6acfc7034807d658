// One change of the number of servers, from the plan to the last line that is said about it. Those that leave empty
// themselves; after new ones have come, the servers hand some of their players to them. Neither is done from here.
import { type AgentClient, waitForTasks } from "./agent-client.ts";
import type { Clock } from "./clock.ts";
import { Refusal } from "./refusal.ts";
import { isBalanced, planScale, type ScalePlan } from "./scale-plan.ts";
import type { LoadsOf, ServerLoad } from "./statusz.ts";
import { isWanted } from "./task-life.ts";
import type { Delays } from "./topology.ts";

const START_TIMEOUT_MS = 30_000;
/** Servers start one after the other while others serve. */
const START_TIMEOUT_EACH_MS = 5_000;
const STOP_SLACK_MS = 15_000;
/** How long we stay to see the players spread. The servers go on with it by themselves. */
const BALANCE_TIMEOUT_MS = 60_000;
const BALANCE_POLL_MS = 500;

export interface ScaleDependencies {
  readonly client: Pick<AgentClient, "tasks" | "start" | "retire">;
  readonly loadsOf: LoadsOf;
  readonly delays: Delays;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/** What `npm run scale -- N --json` prints. */
export interface ScaleResult {
  readonly servers: number;
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  readonly seconds: number;
}

/** Rejects when a new server does not become healthy, or one that leaves does not go. */
export async function scaleTo(servers: number, dependencies: ScaleDependencies): Promise<ScaleResult> {
  const { client, clock, loadsOf } = dependencies;
  const since = stopwatch(clock);
  const tasks = await client.tasks();
  const plan = planScale(tasks, servers, await loadsOf(tasks.filter((task) => isWanted(task.status))));
  const started = await startServers(plan, dependencies);
  await stopServers(plan.stop, dependencies);
  return { servers, started, stopped: plan.stop, seconds: since() };
}

async function startServers(plan: ScalePlan, dependencies: ScaleDependencies): Promise<string[]> {
  if (plan.start.length === 0) return [];
  const { client, clock, say } = dependencies;
  const since = stopwatch(clock);
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
  say(`${ids.join(", ")} healthy after ${since()} s.`);
  await waitUntilBalanced(dependencies);
  return ids;
}

/** That the players do not spread in time is no failure: nobody is worse off than before. */
async function waitUntilBalanced({ client, clock, loadsOf, say }: ScaleDependencies): Promise<void> {
  const since = stopwatch(clock);
  for (;;) {
    const loads = await loadsOf((await client.tasks()).filter((task) => task.status === "RUNNING"));
    if (isBalanced([...loads.values()].map((load) => load.players))) {
      return say(`Players are spread after ${since()} s: ${shown(loads)}.`);
    }
    if (since() * 1_000 >= BALANCE_TIMEOUT_MS) {
      return say(`Players are not spread after ${since()} s, and the servers go on with it: ${shown(loads)}.`);
    }
    await clock.sleep(BALANCE_POLL_MS);
  }
}

async function stopServers(ids: readonly string[], dependencies: ScaleDependencies): Promise<void> {
  if (ids.length === 0) return;
  const { client, clock, delays, say } = dependencies;
  const { deregistrationDelaySeconds, stopTimeoutSeconds } = delays;
  const since = stopwatch(clock);
  await client.retire(ids);
  say(`Taking out ${ids.join(", ")}: rooms first, then players (at most ${deregistrationDelaySeconds} s) ...`);
  const gone = (status: string | undefined) => status === undefined || status === "STOPPED";
  await waitForTasks(
    client,
    (all) => ids.every((id) => gone(all.find((task) => task.id === id)?.status)),
    "Taking the servers out",
    (deregistrationDelaySeconds + stopTimeoutSeconds) * 1_000 + STOP_SLACK_MS,
    clock,
  );
  say(`${ids.join(", ")} gone after ${since()} s.`);
}

/** Seconds since now, to a tenth. */
function stopwatch(clock: Clock): () => number {
  const startedMs = clock.nowMs();
  return () => Math.round((clock.nowMs() - startedMs) / 100) / 10;
}

const shown = (loads: ReadonlyMap<string, ServerLoad>): string =>
  [...loads].map(([id, load]) => `${id} ${load.players}`).join(", ");
