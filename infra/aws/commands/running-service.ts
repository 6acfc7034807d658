// A region's service as it is by now, which is more than CloudFormation knows: rollouts and the autoscaling speak to ECS and Application Auto
// Scaling themselves.
import { GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type TaskDefinition,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { names, type Settings } from "../settings.ts";
import type { AwsClients } from "./aws-clients.ts";
import { type Choice, type Chosen, chooseRelease, type RunningService, readRelease } from "./release.ts";
import { dutyOf } from "./stack-state.ts";
import type { StackFacts } from "./stacks.ts";

type Ecs = AwsClients["ecs"];

/** Asks AWS what is there, and chooses what the region's template is to be made with. `facts`: of its stack, where there is one. */
export async function chooseFor(
  { cloudFormation, ecs }: Pick<AwsClients, "cloudFormation" | "ecs">,
  facts: StackFacts | undefined,
  { first, synth }: Pick<Choice, "first" | "synth">,
): Promise<Chosen> {
  const serves = facts !== undefined && ["update", "roll-back-first"].includes(dutyOf(facts.status));
  if (!serves) return chooseRelease({ recorded: undefined, running: undefined, first, synth });
  const ask = new GetTemplateCommand({ StackName: facts.id, TemplateStage: "Original" });
  const { TemplateBody: recorded } = await cloudFormation.send(ask);
  return chooseRelease({ recorded, running: await runningService(ecs, facts), first, synth });
}

/** What the service of a region's stack starts, and how often; undefined while there is none, or none of ours. */
export async function runningService(ecs: Ecs, { outputs }: StackFacts): Promise<RunningService | undefined> {
  const { ClusterName: cluster, ServiceName } = outputs;
  if (cluster === undefined || ServiceName === undefined) return undefined;
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [ServiceName] }));
  const service = answer.services?.find(({ status }) => status === "ACTIVE");
  if (service === undefined) return undefined;
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }));
  const release = releaseOfTask(described.taskDefinition);
  return release && { ...release, servers: service.desiredCount ?? 0 };
}

function releaseOfTask(definition: TaskDefinition | undefined): Omit<RunningService, "servers"> | undefined {
  const game = definition?.containerDefinitions?.find(({ name }) => name === names.container);
  const release = readRelease((name) => game?.environment?.find((variable) => variable.name === name)?.value);
  return release && { ...release, image: game?.image ?? "" };
}

/** Undefined when there is nothing to be changed: a number that nobody has said leaves it to the autoscaling. */
export function resizeWords(
  { isSizeSaid, servers }: Pick<Settings, "isSizeSaid" | "servers">,
  running: RunningService | undefined,
): string | undefined {
  if (!isSizeSaid || running === undefined || running.servers === servers) return undefined;
  return `There are to be ${servers} servers from now on, in place of ${running.servers}.`;
}

/** Past CloudFormation, which would be told nothing by a template that says the same as before. ECS takes away whom nobody plays on first. */
export async function resizeService(ecs: Ecs, { outputs }: StackFacts, servers: number): Promise<void> {
  const { ClusterName: cluster, ServiceName: service } = outputs;
  await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: servers }));
}
