// Redis for a region: two nodes in two zones, one of which takes over by itself; encrypted, with a token, reachable from tasks only.
import { RemovalPolicy, Token } from "aws-cdk-lib";
import { Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnReplicationGroup, CfnSubnetGroup } from "aws-cdk-lib/aws-elasticache";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import type { Network } from "./network.ts";

/** Valkey is what Redis 7 was, a fifth cheaper at AWS. What it keeps is small: rooms' checkpoints and who is where. */
const ENGINE = { engine: "valkey", engineVersion: "8.0", cacheNodeType: "cache.t4g.micro" } as const;
const NODES = 2;
/** Not the one that everybody tries first. */
const PORT = 6380;

export interface Redis {
  readonly group: CfnReplicationGroup;
  /** `rediss://`, without its password. */
  readonly url: string;
  readonly endpoint: string;
  readonly securityGroup: SecurityGroup;
  readonly port: Port;
  /** Names of the nodes, for their metrics. */
  readonly nodes: readonly string[];
}

export function addRedis(scope: Construct, network: Network, token: Secret): Redis {
  const securityGroup = new SecurityGroup(scope, "RedisSecurityGroup", {
    vpc: network.vpc,
    description: "Redis: from tasks only",
    allowAllOutbound: false,
  });
  const subnets = new CfnSubnetGroup(scope, "RedisSubnets", {
    description: "Redis of Tidegate",
    subnetIds: network.vpc.selectSubnets(network.redisSubnets).subnetIds,
  });
  const group = new CfnReplicationGroup(scope, "Redis", {
    ...ENGINE,
    replicationGroupDescription: "Registry, directory, leases and checkpoints of Tidegate",
    numCacheClusters: NODES,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    transitEncryptionEnabled: true,
    atRestEncryptionEnabled: true,
    authToken: token.secretValue.unsafeUnwrap(), // a reference that CloudFormation resolves, not the token
    autoMinorVersionUpgrade: true,
    // Rooms outlive a lost Redis by themselves: there is nothing in it worth a snapshot.
    snapshotRetentionLimit: 0,
    port: PORT,
    cacheSubnetGroupName: subnets.ref,
    securityGroupIds: [securityGroup.securityGroupId],
  });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  const { attrPrimaryEndPointAddress: endpoint } = group;
  return {
    ...{ group, endpoint, securityGroup },
    url: `rediss://${endpoint}:${PORT}`,
    port: Port.tcp(PORT),
    nodes: Array.from({ length: NODES }, (_, at) => `${Token.asString(group.ref)}-00${at + 1}`),
  };
}
