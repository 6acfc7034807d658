// A region's template and its service, as far as a deploy looks into them.
import type { Carried, RunningService } from "../release.ts";
import type { StandInAccount } from "./stand-in-account.ts";

export interface Shape {
  /** Stands for whatever else the servers are made with. */
  readonly cpu?: string;
  /** Stands for everything beside the servers. */
  readonly logDays?: number;
}

export function regionTemplate(carried: Carried, { cpu = "1024", logDays = 14 }: Shape = {}): string {
  const { version, generation, servers, minServers } = carried;
  const Environment = [
    { Name: "VERSION", Value: version },
    { Name: "GENERATION", Value: String(generation) },
  ];
  const task = { Cpu: cpu, ContainerDefinitions: [{ Name: "game", Environment }] };
  return JSON.stringify({
    Resources: {
      Task: { Type: "AWS::ECS::TaskDefinition", Properties: task },
      Service: { Type: "AWS::ECS::Service", Properties: { DesiredCount: servers } },
      Scaling: { Type: "AWS::ApplicationAutoScaling::ScalableTarget", Properties: { MinCapacity: minServers } },
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: logDays } },
    },
  });
}

/** What ECS says of the service from then on. */
export function runs(account: StandInAccount, { version, generation, servers, image }: RunningService): StandInAccount {
  const environment = [
    { name: "VERSION", value: version },
    { name: "GENERATION", value: String(generation) },
  ];
  const service = { status: "ACTIVE", taskDefinition: "tidegate-eu:7", desiredCount: servers };
  return account
    .on("DescribeServices", () => ({ services: [service] }))
    .on("DescribeTaskDefinition", () => ({
      taskDefinition: { containerDefinitions: [{ name: "game", image, environment }] },
    }));
}

/** `servers`: 3, where a test has no need to say another number. */
export const serviceOf = (version: string, generation: number, servers = 3): RunningService => ({
  ...{ version, generation, servers },
  image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/tidegate:${version}-g${generation}`,
});
