// The real load balancer, from the same data as the bundled one: listeners, rules, target groups and their attributes.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import { Peer, Port, SecurityGroup, SubnetType } from "aws-cdk-lib/aws-ec2";
import {
  type ApplicationListener,
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationProtocolVersion,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
  type SslPolicy,
  TargetType,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { targetGroupAttributes, topology } from "../../stack/topology.ts";
import type { Network } from "./network.ts";

const ACCESS_LOG_DAYS = 14;
/** After the topology's rules. */
const PRODUCTION_PRIORITY = 100;
/** What CloudFront says to the load balancer so that nobody else is let in. */
export const ORIGIN_HEADER = "x-tidegate-origin";

/** How people get to it: by a name with a certificate, or through CloudFront, which knows a secret. */
export type Entrance =
  | { readonly kind: "domain"; readonly certificate: ICertificate }
  | { readonly kind: "cloudfront"; readonly originSecret: Secret };

export interface LoadBalancer {
  readonly balancer: ApplicationLoadBalancer;
  readonly blue: ApplicationTargetGroup;
  readonly green: ApplicationTargetGroup;
  /** The listener that forwards. */
  readonly listener: ApplicationListener;
  /** What ECS's own blue/green shifts. */
  readonly productionRule: ApplicationListenerRule;
  readonly accessLogs: Bucket;
}

export function addLoadBalancer(scope: Construct, { vpc }: Network, entrance: Entrance): LoadBalancer {
  const securityGroup = new SecurityGroup(scope, "LoadBalancerSecurityGroup", {
    ...{ vpc, description: "Load balancer", allowAllOutbound: false },
  });
  const balancer = new ApplicationLoadBalancer(scope, "Balancer", {
    ...{ loadBalancerName: topology.name, vpc, securityGroup, internetFacing: true },
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
  });
  for (const [key, value] of Object.entries(topology.loadBalancerAttributes)) balancer.setAttribute(key, value);
  const accessLogs = addAccessLogs(scope, balancer);
  const { name, alternateName } = topology.targetGroups.game;
  const blue = addTargetGroup(scope, "Blue", name, vpc);
  const green = addTargetGroup(scope, "Green", alternateName, vpc);
  const listener = addListeners(balancer, securityGroup, entrance);
  for (const rule of topology.listenerRules) addRule(listener, rule);
  const productionRule = new ApplicationListenerRule(scope, "Production", {
    listener,
    priority: PRODUCTION_PRIORITY,
    conditions: [productionCondition(entrance)],
    action: ListenerAction.weightedForward([
      { targetGroup: blue, weight: 100 },
      { targetGroup: green, weight: 0 },
    ]),
  });
  return { balancer, blue, green, listener, productionRule, accessLogs };
}

function addAccessLogs(scope: Construct, balancer: ApplicationLoadBalancer): Bucket {
  const bucket = new Bucket(scope, "AccessLogs", {
    // The load balancer writes with keys of S3's own only.
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: Duration.days(ACCESS_LOG_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  balancer.logAccessLogs(bucket);
  return bucket;
}

function addTargetGroup(
  scope: Construct,
  id: string,
  targetGroupName: string,
  vpc: Network["vpc"],
): ApplicationTargetGroup {
  const { port } = topology.targetGroups.game;
  const { healthCheck, delays } = topology;
  const group = new ApplicationTargetGroup(scope, id, {
    ...{ targetGroupName, vpc, port, targetType: TargetType.IP },
    protocol: ApplicationProtocol.HTTP,
    protocolVersion: ApplicationProtocolVersion.HTTP1,
    healthCheck: {
      path: healthCheck.path,
      healthyHttpCodes: healthCheck.matcher,
      interval: Duration.seconds(delays.aws.healthCheckIntervalSeconds),
      timeout: Duration.seconds(delays.aws.healthCheckTimeoutSeconds),
      healthyThresholdCount: delays.aws.healthyThresholdCount,
      unhealthyThresholdCount: delays.aws.unhealthyThresholdCount,
    },
  });
  for (const { Key, Value } of targetGroupAttributes(delays.aws)) group.setAttribute(Key, Value);
  return group;
}

/** The one that forwards; besides, with a domain, the one that sends people to it. */
function addListeners(
  balancer: ApplicationLoadBalancer,
  securityGroup: SecurityGroup,
  entrance: Entrance,
): ApplicationListener {
  const { http, https } = topology.listeners;
  // CloudFront's addresses are a list whose name differs by region; the secret header is what lets a request in.
  securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(http.port), "HTTP");
  if (entrance.kind === "cloudfront") {
    return balancer.addListener("Http", {
      ...{ port: http.port, protocol: ApplicationProtocol.HTTP, open: false },
      defaultAction: ListenerAction.fixedResponse(403, { contentType: "text/plain", messageBody: "Forbidden\n" }),
    });
  }
  securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(https.port), "HTTPS");
  balancer.addListener("Redirect", {
    ...{ port: http.port, protocol: ApplicationProtocol.HTTP, open: false },
    defaultAction: ListenerAction.redirect({ protocol: "HTTPS", port: String(https.port), permanent: true }),
  });
  return balancer.addListener("Https", {
    ...{ port: https.port, protocol: ApplicationProtocol.HTTPS, open: false },
    sslPolicy: https.sslPolicy as SslPolicy,
    certificates: [entrance.certificate],
    defaultAction: ListenerAction.fixedResponse(404, { contentType: "text/plain", messageBody: "Not found\n" }),
  });
}

function addRule(listener: ApplicationListener, rule: (typeof topology.listenerRules)[number]): void {
  const { contentType, messageBody, statusCode } = rule.action;
  listener.addAction(`Rule${rule.priority}`, {
    priority: rule.priority,
    conditions: [ListenerCondition.pathPatterns([...rule.pathPatterns])],
    action: ListenerAction.fixedResponse(Number(statusCode), { contentType, messageBody }),
  });
}

/** A rule and not the listener's default action, since ECS's blue/green shifts rules. */
const productionCondition = (entrance: Entrance): ListenerCondition =>
  entrance.kind === "domain"
    ? ListenerCondition.pathPatterns(["/*"])
    : ListenerCondition.httpHeader(ORIGIN_HEADER, [entrance.originSecret.secretValue.unsafeUnwrap()]);
