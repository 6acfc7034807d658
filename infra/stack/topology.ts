// The one place where ports, paths, health checks, delays and listener rules stand, as plain data. The local stack, the
// servers' deadlines and the AWS app read it. It starts nothing.
import type { TargetTrackingPolicy } from "./autoscale/target-tracking.ts";

/** Delays that differ between a laptop, which wants seconds, and AWS, which wants to be kind to real networks. */
export interface Delays {
  readonly healthCheckIntervalSeconds: number;
  readonly healthCheckTimeoutSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
  readonly deregistrationDelaySeconds: number;
  /** From SIGTERM to SIGKILL. ECS calls it stopTimeout and allows at most 120 s. */
  readonly stopTimeoutSeconds: number;
  /** How often a server looks at the health of its target group, which tells it that it must leave. */
  readonly targetPollMs: number;
  /** How long new connections may still reach a target that was deregistered; the server stays to turn them away. */
  readonly propagationLagSeconds: number;
  /** How often a server writes its metrics into its log, from which they reach CloudWatch. */
  readonly metricsPeriodSeconds: number;
}

/**
 * What each server writes about every whole period into its log (server/emf.ts), from which CloudWatch makes metrics, and the statistic in
 * which each says something. The first two are not told by a server that is leaving.
 */
const serverMetrics = {
  namespace: "Tidegate",
  dimensions: { Service: "tidegate" },
  /** Players whose socket is on the server. */
  players: { name: "PlayersPerServer", unit: "Count", statistic: "Average" },
  rooms: { name: "RoomsPerServer", unit: "Count", statistic: "Average" },
  /** The longest time between two ticks of a room with people in it: 33 ms when all is well. */
  tickGap: { name: "TickGapMaxMs", unit: "Milliseconds", statistic: "Maximum" },
  /** Players who were turned away, or lost their place, because the server could not do better; not those whom it sends on as it leaves. */
  refused: { name: "RefusedConnections", unit: "Count", statistic: "Sum" },
  /** Connections of players that broke, without a goodbye of theirs or of the server. */
  lost: { name: "LostConnections", unit: "Count", statistic: "Sum" },
} as const;

/** Which of them servers are scaled by. */
const metric = {
  namespace: serverMetrics.namespace,
  name: serverMetrics.players.name,
  dimensions: serverMetrics.dimensions,
} as const;

const localScaling: TargetTrackingPolicy = {
  ...{ targetValue: 40, minServers: 1, maxServers: 8 },
  ...{ periodSeconds: 5, scaleOutPeriods: 3, scaleInPeriods: 6 },
  ...{ scaleOutCooldownSeconds: 15, scaleInCooldownSeconds: 30 },
};

/** The periods are those of the alarms that AWS makes for such a policy; the cool-downs are its defaults for ECS. */
const awsScaling: TargetTrackingPolicy = {
  ...{ targetValue: 40, minServers: 3, maxServers: 32 },
  ...{ periodSeconds: 60, scaleOutPeriods: 3, scaleInPeriods: 15 },
  ...{ scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 300 },
};

const localDelays: Delays = {
  healthCheckIntervalSeconds: 1,
  healthCheckTimeoutSeconds: 1,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
  deregistrationDelaySeconds: 15,
  stopTimeoutSeconds: 10,
  targetPollMs: 500,
  propagationLagSeconds: 1,
  metricsPeriodSeconds: 5,
};

const awsDelays: Delays = {
  healthCheckIntervalSeconds: 5,
  healthCheckTimeoutSeconds: 4,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
  deregistrationDelaySeconds: 60,
  stopTimeoutSeconds: 30,
  targetPollMs: 1_000,
  propagationLagSeconds: 20,
  metricsPeriodSeconds: 60,
};

export const topology = {
  name: "tidegate",
  region: "us-east-1",
  delays: { local: localDelays, aws: awsDelays },
  serverMetrics,
  autoscaling: { metric, local: localScaling, aws: awsScaling },
  healthCheck: { path: "/readyz", matcher: "200" },
  listeners: {
    /** Without a policy the API's own default would be taken, which knows no TLS 1.3. */
    https: {
      protocol: "HTTPS",
      port: 443,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      action: { kind: "forward", targetGroup: "game" },
    },
    http: { protocol: "HTTP", port: 80, action: { kind: "redirect", statusCode: "HTTP_301", to: "https" } },
  },
  /** Rules of every listener that forwards, in the order of their priorities: what servers tell of themselves is for inside. */
  listenerRules: [
    {
      priority: 1,
      pathPatterns: ["/statusz", "/metrics"],
      action: { kind: "fixed-response", statusCode: "404", contentType: "text/plain", messageBody: "Not found\n" },
    },
  ],
  targetGroups: {
    game: {
      name: "tidegate-game",
      /** Blue/green deploys alternate between the two. */
      alternateName: "tidegate-game-green",
      targetType: "ip",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      /** What a target without a port of its own would get; each of ours registers with its own. */
      port: 8000,
      attributes: { "load_balancing.algorithm.type": "least_outstanding_requests" },
    },
  },
  /** The idle timeout of the load balancer must be well above the servers' ping period. */
  loadBalancerAttributes: { "idle_timeout.timeout_seconds": "60" },
  service: {
    servers: { default: 3, max: 32 },
    version: "v1",
    generation: 1,
    /** One game server as a container, here and on Fargate; it listens on the target group's port. */
    container: { cpuUnits: 1024, memoryMiB: 1024 },
    /**
     * For the Node of a game server. Most garbage of a tick is dead a tick later: a larger young generation is swept more rarely, and by the
     * one thread that waits for it anyway (docs/decisions/0013).
     */
    nodeFlags: ["--max-semi-space-size=32", "--no-parallel-scavenge"],
  },
  local: {
    ports: { https: 8443, http: 8080, control: 8400, agent: 8401 },
    host: "127.0.0.1",
    hostNames: ["localhost", "127.0.0.1", "[::1]"],
    /** How long after the end of an embedded Redis a new, empty one is started on the same port. */
    redisRestartDelayMs: 1_000,
  },
} as const;

/** Target group attributes as the ELBv2 API wants them. */
export function targetGroupAttributes(delays: Delays): { Key: string; Value: string }[] {
  const attributes = {
    ...topology.targetGroups.game.attributes,
    "deregistration_delay.timeout_seconds": String(delays.deregistrationDelaySeconds),
  };
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}

/** The origins from which a browser may open a socket: every name of the HTTPS listener. */
export function allowedOrigins(httpsPort: number): string[] {
  const suffix = httpsPort === topology.listeners.https.port ? "" : `:${httpsPort}`;
  return topology.local.hostNames.map((host) => `https://${host}${suffix}`);
}
