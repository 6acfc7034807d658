// `npm run status`: what runs, as the load balancer sees it and as each server says of itself.
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { agentClient } from "./agent-client.ts";
import { newCommand, runCommand } from "./command.ts";
import { localElbClient } from "./elb.ts";
import { readEnvironment } from "./environment.ts";
import { describeHome, type Home } from "./home.ts";
import { EXIT } from "./refusal.ts";
import { readStackFile, type StackState } from "./stack-file.ts";
import { type ServerStatus, statusAsJson, statusAsText } from "./status-text.ts";
import { topology } from "./topology.ts";

const STATUS_TIMEOUT_MS = 2_000;

const command = newCommand("npm run status --", "Shows the running stack.").option(
  "--json",
  "one JSON object on the last line of stdout",
);

await runCommand(command, async () => {
  const home = describeHome(readEnvironment().home);
  const stack = readStackFile(home);
  const servers = await readServers(home, stack);
  process.stdout.write(
    command.opts<{ json?: boolean }>().json ? statusAsJson(stack, servers) : statusAsText(stack, servers),
  );
  return EXIT.done;
});

async function readServers(home: Home, stack: StackState): Promise<ServerStatus[]> {
  const [health, tasks] = await Promise.all([readTargetHealth(stack), agentClient(home).tasks()]);
  return Promise.all(
    stack.servers.map(async (server) => ({
      ...server,
      task: tasks.find((task) => task.id === server.id)?.status ?? "unknown",
      target: health.get(server.port)?.State ?? "unused",
      reason: health.get(server.port)?.Reason ?? null,
      status: await readStatus(server.port),
    })),
  );
}

async function readTargetHealth(stack: StackState) {
  const request = new DescribeTargetHealthCommand({ TargetGroupArn: stack.targetGroupArn });
  const answer = await localElbClient(stack.alb.control).send(request);
  return new Map(answer.TargetHealthDescriptions?.map((one) => [one.Target?.Port, one.TargetHealth]));
}

async function readStatus(port: number): Promise<ServerStatus["status"]> {
  try {
    const answer = await fetch(`http://${topology.local.host}:${port}/statusz`, {
      signal: AbortSignal.timeout(STATUS_TIMEOUT_MS),
    });
    const body: unknown = answer.ok ? await answer.json() : null;
    return typeof body === "object" ? (body as ServerStatus["status"]) : null;
  } catch {
    return null; // it hangs or has just ended: that is what the columns beside it tell
  }
}
