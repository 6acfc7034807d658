// What a game server is told by its environment: the contract between the stack and server/main.ts.
import type { TaskSpec } from "./platforms/platform.ts";
import type { RegionAround } from "./region-plan.ts";
import { regionsVariable } from "./regions.ts";
import { allowedOrigins, type Delays, topology } from "./topology.ts";

export interface ServerSurroundings {
  readonly httpsPort: number;
  readonly redisUrl: string;
  readonly sessionSecret: string;
  readonly clientDir: (version: string) => string;
  readonly assetsDir: string;
  readonly controlUrl: string;
  readonly delays: Delays;
  /** Undefined: there are no regions. */
  readonly region?: RegionAround | undefined;
}

const portOf = (url: string): number => Number(new URL(url).port || topology.listeners.https.port);

export function serverEnvironment(
  spec: TaskSpec,
  around: ServerSurroundings,
  inherited: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  const { region } = around;
  const pagePorts = new Set([around.httpsPort, ...(region?.all ?? []).map(({ url }) => portOf(url))]);
  return {
    ...inherited,
    NODE_ENV: "production",
    HOST: topology.local.host,
    PORT: "0",
    SERVER_ID: spec.id,
    VERSION: spec.version,
    GENERATION: String(spec.generation),
    REDIS_URL: around.redisUrl,
    SESSION_SECRET: around.sessionSecret,
    CLIENT_DIR: around.clientDir(spec.version),
    ASSETS_DIR: around.assetsDir,
    ALLOWED_ORIGINS: [...pagePorts].flatMap(allowedOrigins).join(","),
    // Set even to nothing: shells use such names for other things.
    REGION: region?.here,
    REGIONS: region && regionsVariable(region.all),
    TARGET_GROUP_ARN: spec.targetGroupArn,
    ELB_ENDPOINT: around.controlUrl,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: around.controlUrl,
    AWS_REGION: topology.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    DEREGISTRATION_DELAY_SECONDS: String(around.delays.deregistrationDelaySeconds),
    STOP_TIMEOUT_SECONDS: String(around.delays.stopTimeoutSeconds),
    TARGET_POLL_MS: String(around.delays.targetPollMs),
    PROPAGATION_LAG_SECONDS: String(around.delays.propagationLagSeconds),
    METRICS_EMF_SECONDS: String(around.delays.metricsPeriodSeconds),
    ...spec.environment,
  };
}
