// A game server as a process: environment in, one server up, signals out.

import { hostname, networkInterfaces } from "node:os";
import { pino } from "pino";
import { systemClock as clock } from "./clock.ts";
import { connectCluster } from "./cluster/connect-redis.ts";
import { type Config, ConfigError, drainTimesOf, originsOf, readConfig } from "./config.ts";
import type { TargetGroup } from "./drain/target-group.ts";
import { MetricLines } from "./emf.ts";
import { createRooms, GameServer } from "./game-server.ts";
import { Metrics } from "./metrics.ts";
import { Recordings } from "./recording/recordings.ts";
import { rehearseStalls } from "./rehearsal.ts";
import type { ServerId } from "./room/room-port.ts";
import { ecsProtection } from "./surroundings/ecs-agent.ts";
import { askEcsTask, EcsTaskUnknown } from "./surroundings/ecs-task.ts";
import { findWhereabouts, type Whereabouts } from "./surroundings/whereabouts.ts";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

await main();

async function main(): Promise<void> {
  const config = configOrExit();
  const { id, host: targetHost, revision, availabilityZone } = await whereaboutsOrExit(config);
  const self = { id: id as ServerId, version: config.VERSION };
  const log = pino({ level: config.LOG_LEVEL, base: { server: self.id, version: self.version } });
  if (availabilityZone !== undefined) log.info({ event: "task", availabilityZone, revision });
  const metrics = new Metrics({ server: self.id, version: self.version });
  const recordings = config.RECORD_DIR === undefined ? undefined : new Recordings(config.RECORD_DIR, self.id, log);
  const record = recordings?.record.bind(recordings);
  const rooms = createRooms({
    self,
    clock,
    log,
    metrics,
    botsFillTo: config.BOTS_FILL_TO,
    arenaBotsFillTo: config.ARENA_BOTS_FILL_TO,
    record,
  });
  const { cluster, socketAdapter } = connectCluster({
    ...{ url: config.REDIS_URL, password: config.REDIS_PASSWORD },
    clock,
    host: rooms,
    self,
    generation: config.GENERATION,
    log,
    metrics: metrics.cluster,
  });
  const server = new GameServer({
    self,
    generation: config.GENERATION,
    host: config.HOST,
    port: config.PORT,
    sessionSecret: config.SESSION_SECRET,
    allowedOrigins: originsOf(config),
    regions: { here: config.REGION, all: config.REGIONS },
    clientDir: config.CLIENT_DIR,
    assetsDir: config.ASSETS_DIR,
    clock,
    log,
    metrics,
    rooms,
    cluster,
    adapter: socketAdapter,
    times: drainTimesOf(config),
    targetGroups: await targetGroupsOf(config),
    ...{ targetAddress: config.TARGET_ADDRESS, targetHost, revision },
    operatorToken: config.OPERATOR_TOKEN,
    protection: config.ECS_AGENT_URI === undefined ? undefined : ecsProtection(config.ECS_AGENT_URI, fetch),
  });
  try {
    await server.start();
  } catch (error) {
    exit(EXIT_FAILED, `cannot listen on ${config.HOST}:${config.PORT}: ${(error as Error).message}`);
  }
  // Whoever started this process waits for this line, whatever the log level is.
  const { HOST: host, GENERATION: generation } = config;
  process.stdout.write(`${JSON.stringify({ event: "listening", port: server.port, host, ...self, generation })}\n`);
  let metricLines: MetricLines | undefined;
  if (config.METRICS_EMF_SECONDS > 0) {
    metricLines = new MetricLines({
      clock,
      periodSeconds: config.METRICS_EMF_SECONDS,
      self: { server: self.id, version: self.version, generation },
      read: () => {
        const { state, players, rooms } = server.status();
        const load = state === "ready" ? { players, rooms: rooms.length } : undefined;
        return { load, figures: metrics.period.take() };
      },
      write: (line) => process.stdout.write(line),
    });
  }

  if (config.REHEARSE_STALL_MS > 0) rehearseStalls(clock, config.REHEARSE_STALL_MS);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void server.leave(signal));
  await server.gone;
  metricLines?.close();
  await recordings?.close();
  process.exit(0);
}

/** The SDK takes a while to load, so only who needs it does. */
async function targetGroupsOf(config: Config): Promise<readonly TargetGroup[]> {
  const { TARGET_GROUP_ARN, ALTERNATE_TARGET_GROUP_ARN, ELB_ENDPOINT } = config;
  const arns = [TARGET_GROUP_ARN, ALTERNATE_TARGET_GROUP_ARN].filter((arn) => arn !== undefined);
  if (arns.length === 0) return [];
  const { elbTargetGroup } = await import("./drain/elb-target-group.ts");
  return arns.map((arn) => elbTargetGroup(arn, ELB_ENDPOINT));
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    return exitWith(error);
  }
}

async function whereaboutsOrExit(config: Config): Promise<Whereabouts> {
  const uri = config.ECS_CONTAINER_METADATA_URI_V4;
  try {
    const task = uri === undefined ? undefined : await askEcsTask({ uri, clock, fetch });
    return findWhereabouts(config, { task, hostname: hostname(), interfaces: networkInterfaces() });
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  if (error instanceof ConfigError) exit(EXIT_USAGE, error.message);
  if (error instanceof EcsTaskUnknown) exit(EXIT_FAILED, error.message);
  throw error;
}

function exit(code: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}
