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
import { readStatusz } from "./statusz.ts";
import { topology } from "./topology.ts";

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
  const tasks = await agentClient(home).tasks();
  const groups = new Set([stack.targetGroupArn, ...tasks.map((task) => task.targetGroupArn)]);
  const healths = await Promise.all([...groups].map((group) => readTargetHealth(stack, group)));
  const health = new Map(healths.flatMap((ofGroup) => [...ofGroup]));
  return Promise.all(
    stack.servers.map(async (server) => ({
      ...server,
      task: tasks.find((task) => task.id === server.id)?.status ?? "unknown",
      target: health.get(server.port)?.State ?? "unused",
      reason: health.get(server.port)?.Reason ?? null,
      status: await readStatusz({ host: topology.local.host, port: server.port }),
    })),
  );
}

async function readTargetHealth(stack: StackState, targetGroupArn: string) {
  const request = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
  const answer = await localElbClient(stack.alb.control).send(request);
  return new Map(answer.TargetHealthDescriptions?.map((one) => [one.Target?.Port, one.TargetHealth]));
}
