// `npm run scale -- N`: starts or takes out servers until N run. Those that leave are drained first.
import { type AgentClient, agentClient, waitForTasks } from "./agent-client.ts";
import { systemClock } from "./clock.ts";
import { newCommand, runCommand, wholeNumber } from "./command.ts";
import { readEnvironment } from "./environment.ts";
import { describeHome } from "./home.ts";
import { EXIT, Refusal } from "./refusal.ts";
import { planScale, type ScalePlan } from "./scale-plan.ts";
import { topology } from "./topology.ts";

const START_TIMEOUT_MS = 60_000;
const STOP_SLACK_MS = 15_000;

const { servers } = topology.service;
const { deregistrationDelaySeconds, stopTimeoutSeconds } = topology.delays.local;
const STOP_TIMEOUT_MS = (deregistrationDelaySeconds + stopTimeoutSeconds) * 1000 + STOP_SLACK_MS;

const command = newCommand("npm run scale --", "Sets how many game servers run.")
  .argument("<count>", `from 1 to ${servers.max}`, wholeNumber(1, servers.max))
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const wanted = command.processedArgs[0] as number;
  const client = agentClient(describeHome(readEnvironment().home));
  const plan = planScale(await client.tasks(), wanted);
  const started = await startServers(client, plan);
  await stopServers(client, plan.stop);
  const result = { servers: wanted, started, stopped: plan.stop };
  const text = command.opts<{ json?: boolean }>().json ? JSON.stringify(result) : `${wanted} servers run.`;
  process.stdout.write(`${text}\n`);
  return EXIT.done;
});

async function startServers(client: AgentClient, plan: ScalePlan): Promise<string[]> {
  if (plan.start.length === 0) return [];
  const tasks = await Promise.all(plan.start.map((one) => client.start(one)));
  const ids = tasks.map((task) => task.id);
  process.stderr.write(`Starting ${ids.join(", ")} ...\n`);
  const settled = await waitForTasks(
    client,
    (all) =>
      all
        .filter((task) => ids.includes(task.id))
        .every((task) => task.status === "RUNNING" || task.status === "STOPPED"),
    "Starting the servers",
    START_TIMEOUT_MS,
    systemClock,
  );
  const failed = settled.find((task) => ids.includes(task.id) && task.status === "STOPPED");
  if (failed) throw new Refusal("task-failed", failed.stoppedReason ?? `${failed.id} has ended.`);
  return ids;
}

async function stopServers(client: AgentClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.retire(ids);
  process.stderr.write(`Draining ${ids.join(", ")} (${deregistrationDelaySeconds} s) ...\n`);
  const gone = (status: string | undefined) => status === undefined || status === "STOPPED";
  await waitForTasks(
    client,
    (all) => ids.every((id) => gone(all.find((task) => task.id === id)?.status)),
    "Taking the servers out",
    STOP_TIMEOUT_MS,
    systemClock,
  );
}
