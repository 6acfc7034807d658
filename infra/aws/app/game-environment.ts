// What a game server is told on AWS: the same variables as on a laptop (infra/stack/server-environment.ts), from the same topology.
import type { Region } from "../../stack/regions.ts";
import { topology } from "../../stack/topology.ts";
import { type Domain, names, type Settings } from "../settings.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Redis } from "./redis.ts";

export interface Told {
  readonly region: Region;
  readonly redis: Pick<Redis, "url">;
  readonly loadBalancer: Pick<LoadBalancer, "blue" | "green">;
}

/** Secrets come beside it. SERVER_ID and TARGET_ADDRESS are what ECS says about the task. */
export function gameEnvironment(settings: Settings, { region, redis, loadBalancer }: Told): Record<string, string> {
  const delays = topology.delays.aws;
  return {
    NODE_ENV: "production",
    HOST: "0.0.0.0",
    PORT: String(topology.targetGroups.game.port),
    VERSION: settings.version,
    GENERATION: String(settings.generation),
    REDIS_URL: redis.url,
    // ECS registers a server in one of them.
    TARGET_GROUP_ARN: loadBalancer.blue.targetGroupArn,
    ALTERNATE_TARGET_GROUP_ARN: loadBalancer.green.targetGroupArn,
    DEREGISTRATION_DELAY_SECONDS: String(delays.deregistrationDelaySeconds),
    STOP_TIMEOUT_SECONDS: String(delays.stopTimeoutSeconds),
    TARGET_POLL_MS: String(delays.targetPollMs),
    PROPAGATION_LAG_SECONDS: String(delays.propagationLagSeconds),
    METRICS_EMF_SECONDS: String(delays.metricsPeriodSeconds),
    ...(settings.domain && underDomain(settings.domain, settings.regions, region)),
  };
}

/** Without a domain the page comes from the host that it connects to, which a server allows by itself. */
function underDomain(domain: Domain, regions: readonly Region[], here: Region): Record<string, string> {
  const hosts = regions.map((region) => names.regionHost(domain, region));
  return {
    ALLOWED_ORIGINS: [domain.name, names.liveHost(domain), ...hosts].map((host) => `https://${host}`).join(","),
    REGION: here.id,
    REGIONS: regions.map((region, at) => `${region.id}=https://${hosts[at]} ${region.name}`).join(","),
  };
}
