// `npm run status`: what runs, as the load balancer sees it and as each server says of itself.
import { DescribeTargetHealthCommand, type TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { newCommand, runCommand } from "./command.ts";
import { type OpenStack, openStack, platformOption, type StackOptions } from "./open-stack.ts";
import { EXIT } from "./refusal.ts";
import { readStackFile } from "./stack-file.ts";
import { type ServerStatus, statusAsJson, statusAsText } from "./status-text.ts";

const command = newCommand("npm run status --", "Shows the running stack.")
  .addOption(platformOption())
  .option("--json", "one JSON object on the last line of stdout");

await runCommand(command, async () => {
  const { json, platform } = command.opts<StackOptions>();
  const stack = await openStack(platform);
  const processes = platform === "process" ? readStackFile(stack.home) : undefined;
  const servers = await readServers(stack);
  process.stdout.write((json ? statusAsJson : statusAsText)(stack, servers, processes));
  return EXIT.done;
});

async function readServers({ agent, elb, targetGroupArn }: OpenStack): Promise<ServerStatus[]> {
  const tasks = await agent.tasks();
  const groups = new Set([targetGroupArn, ...tasks.map((task) => task.targetGroupArn)]);
  const healths = await Promise.all([...groups].map((group) => readTargetHealth(elb, group)));
  const health = new Map(healths.flatMap((ofGroup) => [...ofGroup]));
  return Promise.all(
    tasks.flatMap(({ id, version, generation, pid, address, status }) => {
      if (status === "STOPPED" || address === null) return [];
      const target = health.get(`${address.host}:${address.port}`);
      const seen = { task: status, target: target?.State ?? "unused", reason: target?.Reason ?? null };
      return agent.statusz(id).then((status) => ({ id, version, generation, pid, ...address, ...seen, status }));
    }),
  );
}

async function readTargetHealth(elb: OpenStack["elb"], targetGroupArn: string): Promise<[string, TargetHealth][]> {
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
  return (answer.TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) =>
    TargetHealth === undefined ? [] : [[`${Target?.Id}:${Target?.Port}`, TargetHealth]],
  );
}
