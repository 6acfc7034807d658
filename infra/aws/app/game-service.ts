// The game servers as an ECS service on Fargate: what a task is, what it may do, how ECS replaces it.
import { ArnFormat, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Repository } from "aws-cdk-lib/aws-ecr";
import {
  AlternateTarget,
  AvailabilityZoneRebalancing,
  Capability,
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  ListenerRuleConfiguration,
  LogDrivers,
  OperatingSystemFamily,
  PropagatedTagSource,
  Protocol,
  UlimitName,
} from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Region } from "../../stack/regions.ts";
import { topology } from "../../stack/topology.ts";
import { imageTag, names, type Settings } from "../settings.ts";
import { gameEnvironment } from "./game-environment.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Network } from "./network.ts";
import type { Redis } from "./redis.ts";
import type { Secrets } from "./secrets.ts";

/** Fargate gives a whole vCPU no less memory than this. */
const LEAST_MIB_PER_VCPU = 2_048;
const CPU_UNITS_PER_VCPU = 1_024;
/** Two sockets for each player that is being moved, and then some. */
const OPEN_FILES = 65_536;
/** From the start of a task until its health counts: pulling is over by then, Node starts, Redis is asked. */
const GRACE_SECONDS = 60;
/** The user `node` of the image. */
const USER = "1000:1000";
/** A new generation beside the whole old one, none of which goes before it is healthy. */
const MIN_HEALTHY_PERCENT = 100;
const MAX_HEALTHY_PERCENT = 200;

export interface GameService {
  readonly cluster: Cluster;
  readonly service: FargateService;
  readonly task: FargateTaskDefinition;
  readonly logs: LogGroup;
}

export interface GameSurroundings {
  readonly region: Region;
  readonly network: Network;
  readonly redis: Redis;
  readonly secrets: Secrets;
  readonly loadBalancer: LoadBalancer;
}

export function addGameService(scope: Construct, settings: Settings, around: GameSurroundings): GameService {
  const cluster = addCluster(scope, names.regionStack(around.region), around.network);
  const logs = new LogGroup(scope, "GameLogs", {
    retention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const task = addTask(scope, settings, around, logs);
  allowTask(task, around.region);
  const service = addService(scope, settings, around, cluster, task);
  return { cluster, service, task, logs };
}

/** Container Insights counts the tasks that run and those that should. Its log group is ours, so that it goes with the rest. */
function addCluster(scope: Construct, clusterName: string, { vpc }: Network): Cluster {
  const insights = new LogGroup(scope, "InsightLogs", {
    logGroupName: `/aws/ecs/containerinsights/${clusterName}/performance`,
    retention: RetentionDays.ONE_DAY,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const cluster = new Cluster(scope, "Cluster", { clusterName, vpc, containerInsightsV2: ContainerInsights.ENABLED });
  cluster.node.addDependency(insights);
  return cluster;
}

function addTask(
  scope: Construct,
  settings: Settings,
  around: GameSurroundings,
  logs: LogGroup,
): FargateTaskDefinition {
  const { cpuUnits, memoryMiB } = topology.service.container;
  const task = new FargateTaskDefinition(scope, "Task", {
    family: names.regionStack(around.region),
    cpu: cpuUnits,
    memoryLimitMiB: Math.max(memoryMiB, (LEAST_MIB_PER_VCPU * cpuUnits) / CPU_UNITS_PER_VCPU),
    runtimePlatform: {
      cpuArchitecture: settings.architecture === "arm64" ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
  const linuxParameters = new LinuxParameters(scope, "Linux", { initProcessEnabled: true });
  linuxParameters.dropCapabilities(Capability.ALL);
  const repository = Repository.fromRepositoryName(scope, "Images", names.repository);
  const container = task.addContainer(names.container, {
    image: ContainerImage.fromEcrRepository(repository, imageTag(settings)),
    environment: gameEnvironment(settings, around),
    secrets: {
      SESSION_SECRET: EcsSecret.fromSecretsManager(around.secrets.session),
      REDIS_PASSWORD: EcsSecret.fromSecretsManager(around.secrets.redis),
      OPERATOR_TOKEN: EcsSecret.fromSecretsManager(around.secrets.operator),
    },
    portMappings: [{ containerPort: topology.targetGroups.game.port, protocol: Protocol.TCP }],
    stopTimeout: Duration.seconds(topology.delays.aws.stopTimeoutSeconds),
    logging: LogDrivers.awsLogs({ logGroup: logs, streamPrefix: names.container }),
    user: USER,
    readonlyRootFilesystem: true,
    linuxParameters,
  });
  container.addUlimits({ name: UlimitName.NOFILE, softLimit: OPEN_FILES, hardLimit: OPEN_FILES });
  return task;
}

/**
 * A server may look at its target group, and protect itself. ELBv2's Describe calls know no resources: IAM takes "*" only, here narrowed to the
 * region (https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html).
 */
function allowTask(task: FargateTaskDefinition, region: Region): void {
  task.addToTaskRolePolicy(
    new PolicyStatement({
      actions: ["elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetGroupAttributes"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": region.aws } },
    }),
  );
  const tasks = Stack.of(task).formatArn({
    ...{ service: "ecs", resource: "task", arnFormat: ArnFormat.SLASH_RESOURCE_NAME },
    resourceName: `${names.regionStack(region)}/*`,
  });
  task.addToTaskRolePolicy(
    new PolicyStatement({ actions: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], resources: [tasks] }),
  );
}

function addService(
  scope: Construct,
  settings: Settings,
  { network, redis, loadBalancer }: GameSurroundings,
  cluster: Cluster,
  taskDefinition: FargateTaskDefinition,
): FargateService {
  const securityGroup = new SecurityGroup(scope, "ServiceSecurityGroup", {
    vpc: network.vpc,
    description: "Game servers",
  });
  redis.securityGroup.addIngressRule(securityGroup, redis.port, "Redis");
  const service = new FargateService(scope, "Service", {
    ...{ serviceName: topology.name, cluster, taskDefinition, desiredCount: settings.servers },
    ...{ minHealthyPercent: MIN_HEALTHY_PERCENT, maxHealthyPercent: MAX_HEALTHY_PERCENT },
    circuitBreaker: { rollback: true },
    healthCheckGracePeriod: Duration.seconds(GRACE_SECONDS),
    // It would end tasks with players on them for no other reason than where they are. A deploy spreads anew.
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
    ...{ vpcSubnets: network.taskSubnets, assignPublicIp: network.tasksArePublic, securityGroups: [securityGroup] },
  });
  const alternateTarget = new AlternateTarget("BlueGreen", {
    alternateTargetGroup: loadBalancer.green,
    productionListener: ListenerRuleConfiguration.applicationListenerRule(loadBalancer.productionRule),
  });
  const target = { containerName: names.container, containerPort: topology.targetGroups.game.port, alternateTarget };
  loadBalancer.blue.addTarget(service.loadBalancerTarget(target));
  // A server that may not pull its image, or has no Redis, never becomes healthy, and ECS would give the first deployment up.
  const routesOut = network.vpc.selectSubnets(network.taskSubnets).internetConnectivityEstablished;
  service.node.addDependency(redis.group, taskDefinition.obtainExecutionRole(), routesOut);
  return service;
}
