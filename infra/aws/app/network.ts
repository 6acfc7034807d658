// Where things stand: a network of its own with public subnets for the load balancer (and the tasks, unless there is NAT), and
// isolated ones for Redis.
import { RemovalPolicy } from "aws-cdk-lib";
import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "../settings.ts";

const CIDR = "10.40.0.0/16";
const SUBNET_MASK = 22;

export interface Network {
  readonly vpc: Vpc;
  readonly taskSubnets: SubnetSelection;
  /** Without NAT a task reaches AWS's APIs by an address of its own; its security group lets nobody in but the load balancer. */
  readonly tasksArePublic: boolean;
  readonly redisSubnets: SubnetSelection;
}

export function addNetwork(scope: Construct, { zones, nat }: Settings): Network {
  const subnet = (name: string, subnetType: SubnetType): SubnetConfiguration => ({
    ...{ name, subnetType, cidrMask: SUBNET_MASK },
    // A task asks for its address by itself; nothing else shall get one by accident.
    ...(subnetType === SubnetType.PUBLIC && { mapPublicIpOnLaunch: false }),
  });
  const vpc = new Vpc(scope, "Network", {
    ipAddresses: IpAddresses.cidr(CIDR),
    maxAzs: zones,
    natGateways: nat ? zones : 0,
    restrictDefaultSecurityGroup: false, // by a Lambda function of the CDK's; nothing of ours is in that group
    subnetConfiguration: [
      subnet("Public", SubnetType.PUBLIC),
      ...(nat ? [subnet("Tasks", SubnetType.PRIVATE_WITH_EGRESS)] : []),
      subnet("Redis", SubnetType.PRIVATE_ISOLATED),
    ],
  });
  const rejected = new LogGroup(scope, "RejectedTraffic", {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  vpc.addFlowLog("Rejected", {
    destination: FlowLogDestination.toCloudWatchLogs(rejected),
    trafficType: FlowLogTrafficType.REJECT,
  });
  return {
    vpc,
    taskSubnets: { subnetType: nat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PUBLIC },
    tasksArePublic: !nat,
    redisSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  };
}
