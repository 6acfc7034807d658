// All that a region is. Reads from outside to inside: names and entrance, load balancer, servers, Redis; then what watches them.
import type { Construct } from "constructs";
import type { Region } from "../../stack/regions.ts";
import { names, type Settings } from "../settings.ts";
import { addAlarms } from "./alarms.ts";
import { addBudget } from "./budget.ts";
import { addClientSite } from "./client-site.ts";
import { addDashboard } from "./dashboard.ts";
import { addCertificate, addRegionRecords, zoneOf } from "./dns.ts";
import { addGameService, type GameService } from "./game-service.ts";
import { addLoadBalancer, type Entrance, type LoadBalancer, ORIGIN_HEADER } from "./load-balancer.ts";
import { metricsOf } from "./metrics.ts";
import { addNetwork, type Network } from "./network.ts";
import { addRedis, type Redis } from "./redis.ts";
import { addScaling } from "./scaling.ts";
import { addSecret, addSecrets, type Secrets } from "./secrets.ts";
import { addOutputs, TidegateStack } from "./stack.ts";

export function addRegionStack(scope: Construct, settings: Settings, region: Region): void {
  const name = names.regionStack(region);
  const stack = new TidegateStack(scope, settings, {
    name,
    region: region.aws,
    tag: region.id,
    description: `Tidegate in ${region.name}`,
  });
  const network = addNetwork(stack, settings);
  const secrets = addSecrets(stack);
  const redis = addRedis(stack, network, secrets.redis);
  const { loadBalancer, url } = addFront(stack, settings, region, network);
  const game = addGameService(stack, settings, { region, network, redis, secrets, loadBalancer });
  addScaling(game.service, settings);
  const metrics = metricsOf(game, loadBalancer, redis);
  addDashboard(stack, name, metrics, addAlarms(stack, metrics, settings));
  if (region === settings.regions[0]) addBudget(stack, settings);
  addOutputs(stack, { Url: url, ...outputsOf(game, loadBalancer, redis, secrets) });
}

/** The load balancer, and how people get to it. */
function addFront(
  stack: TidegateStack,
  { domain }: Settings,
  region: Region,
  network: Network,
): { loadBalancer: LoadBalancer; url: string } {
  if (domain === undefined) return addCloudFrontFront(stack, network);
  const zone = zoneOf(stack, domain);
  const host = names.regionHost(domain, region);
  const certificate = addCertificate(stack, zone, [host, names.liveHost(domain)]);
  const loadBalancer = addLoadBalancer(stack, network, { kind: "domain", certificate });
  addRegionRecords(stack, zone, { domain, region, balancer: loadBalancer.balancer });
  return { loadBalancer, url: `https://${host}` };
}

function addCloudFrontFront(stack: TidegateStack, network: Network): { loadBalancer: LoadBalancer; url: string } {
  const originSecret = addSecret(stack, "OriginSecret", "What CloudFront says to the load balancer");
  const entrance: Entrance = { kind: "cloudfront", originSecret };
  const loadBalancer = addLoadBalancer(stack, network, entrance);
  const { bucket, distribution } = addClientSite(stack, {
    kind: "cloudfront",
    balancerDns: loadBalancer.balancer.loadBalancerDnsName,
    originHeaders: { [ORIGIN_HEADER]: originSecret.secretValue.unsafeUnwrap() },
  });
  addOutputs(stack, { ClientBucket: bucket.bucketName, DistributionId: distribution.distributionId });
  return { loadBalancer, url: `https://${distribution.distributionDomainName}` };
}

/** What commands need to know; their names are a contract with infra/aws/commands and infra/aws/rollout. */
const outputsOf = (game: GameService, front: LoadBalancer, redis: Redis, secrets: Secrets): Record<string, string> => ({
  ClusterName: game.cluster.clusterName,
  ServiceName: game.service.serviceName,
  TaskFamily: game.task.family,
  TargetGroupArn: front.blue.targetGroupArn,
  AlternateTargetGroupArn: front.green.targetGroupArn,
  ListenerArn: front.listener.listenerArn,
  ListenerRuleArn: front.productionRule.listenerRuleArn,
  LoadBalancerArn: front.balancer.loadBalancerArn,
  LoadBalancerDns: front.balancer.loadBalancerDnsName,
  AccessLogBucket: front.accessLogs.bucketName,
  RedisEndpoint: redis.endpoint,
  OperatorSecretArn: secrets.operator.secretArn,
});
