// Whether what stands in moto is what the topology says: asked of moto, not of our commands.
import { topology } from "../../stack/topology.ts";
import { expected } from "./complaint.ts";
import { ask, elements } from "./witness.ts";

export interface Wanted {
  readonly region: string;
  /** The image's tag. */
  readonly image: string;
  readonly version: string;
  /** How many servers ECS is to run; three when nothing is said. */
  readonly servers?: number;
}

const ELB = "Version=2015-12-01&Action=";

export async function deployedComplaints(
  motoUrl: string,
  { region, image, version, servers = 3 }: Wanted,
): Promise<string[]> {
  const elb = (form: string) => ask(motoUrl, { service: "elasticloadbalancing", region, form: ELB + form });
  const balancers = elements(await elb("DescribeLoadBalancers"), "LoadBalancerArn");
  const [balancer = ""] = balancers;
  const groups = await elb("DescribeTargetGroups");
  const running = await service(motoUrl, region);
  const { game } = topology.targetGroups;
  const { aws } = topology.delays;
  return [
    ...expected("the number of load balancers", balancers.length, 1),
    ...(balancer.includes(`/${topology.name}`) ? [] : [`the load balancer is ${balancer}`]),
    ...expected(
      "target groups",
      elements(groups, "TargetGroupName").sort().join(),
      [game.name, game.alternateName].sort().join(),
    ),
    ...expected("the health check's path", elements(groups, "HealthCheckPath")[0], topology.healthCheck.path),
    ...expected(
      "its interval",
      elements(groups, "HealthCheckIntervalSeconds")[0],
      String(aws.healthCheckIntervalSeconds),
    ),
    ...expected("the image of the servers", running.image, image),
    ...expected("the version of the servers", running.version, version),
    ...expected("their number", running.servers, servers),
  ];
}

interface Running {
  readonly image: string | undefined;
  readonly version: string | undefined;
  readonly servers: number;
}

async function service(motoUrl: string, region: string): Promise<Running> {
  const ecs = async (operation: string, json: unknown) =>
    JSON.parse(
      await ask(motoUrl, { service: "ecs", region, target: `AmazonEC2ContainerServiceV20141113.${operation}`, json }),
    );
  const { clusterArns } = await ecs("ListClusters", {});
  const { serviceArns } = await ecs("ListServices", { cluster: clusterArns[0] });
  const { services } = await ecs("DescribeServices", { cluster: clusterArns[0], services: serviceArns });
  const { taskDefinition } = await ecs("DescribeTaskDefinition", { taskDefinition: services[0].taskDefinition });
  const [game] = taskDefinition.containerDefinitions;
  const version = game.environment.find(({ name }: { name: string }) => name === "VERSION")?.value;
  return { image: game.image.split(":").at(-1), version, servers: services[0].desiredCount };
}
