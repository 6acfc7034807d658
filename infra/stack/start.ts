// `npm start`: Redis, load balancer and game servers on this machine, until Ctrl-C.
import { rmSync } from "node:fs";
import { relative } from "node:path";
import { sayOnStderr } from "../provision/progress.ts";
import type { TargetTrackingPolicy } from "./autoscale/target-tracking.ts";
import { systemClock } from "./clock.ts";
import { newCommand, runCommand, wholeNumber } from "./command.ts";
import { type Environment, readEnvironment, repositoryRoot } from "./environment.ts";
import { beginLogs, type Home, makeHome } from "./home.ts";
import { portState } from "./ports.ts";
import { claimHome, type ProcessBook } from "./process-book.ts";
import { EXIT, Refusal } from "./refusal.ts";
import { onEndingSignals } from "./signals.ts";
import { removeStackFile, type StackState } from "./stack-file.ts";
import { Supervisor } from "./supervisor.ts";
import { isVersion } from "./task-request.ts";
import { topology } from "./topology.ts";

/** What one server lets in (server/gateway). */
const PLAYERS_PER_SERVER_MAX = 2_000;

const { servers } = topology.service;
const scaling = topology.autoscaling.local;

const command = newCommand("npm start --", "Runs Tidegate on this machine: Redis, load balancer, game servers.")
  .option("--servers <count>", `how many game servers (${servers.default})`, wholeNumber(1, servers.max))
  .option("--version <name>", "the version that the servers say they are", topology.service.version)
  .option("--autoscale", "start and take out servers as players come and go")
  .option("--min <count>", `fewest servers when autoscaling (${scaling.minServers})`, wholeNumber(1, servers.max))
  .option("--max <count>", `most servers when autoscaling (${scaling.maxServers})`, wholeNumber(1, servers.max))
  .option(
    "--players-per-server <count>",
    `how many players a server is to have when autoscaling (${scaling.targetValue})`,
    wholeNumber(1, PLAYERS_PER_SERVER_MAX),
  );

await runCommand(command, async () => {
  const startedMs = systemClock.nowMs();
  const options = command.opts<Options>();
  refuseVersion(options.version);
  const policy = scalingPolicy(options);
  const environment = readEnvironment();
  const home = makeHome(environment.home);
  const book = await claimHome(home, systemClock, sayOnStderr);
  beginLogs(home);
  endOnSurprises(home, book);
  const supervisor = new Supervisor({
    root: repositoryRoot,
    environment,
    home,
    book,
    clock: systemClock,
    say: sayOnStderr,
  });
  const interrupted = new Promise<"interrupted">((resolve) => {
    onEndingSignals(
      () => resolve("interrupted"),
      () => endAtOnce(home, book),
    );
  });
  try {
    await refuseTakenPorts(environment);
    const started = supervisor.start({
      servers: options.servers ?? policy?.minServers ?? servers.default,
      version: options.version,
      scaling: policy,
    });
    started.catch(() => {}); // after an interruption nobody waits for it
    const state = await Promise.race([started, interrupted, supervisor.broken]);
    if (state instanceof Refusal) throw state;
    if (state !== "interrupted") {
      process.stdout.write(summary(state, options.version, systemClock.nowMs() - startedMs));
      const end = await Promise.race([interrupted, supervisor.broken]);
      if (end instanceof Refusal) throw end;
    }
    sayOnStderr("Ending ...");
  } finally {
    await supervisor.close();
  }
  return EXIT.done;
});

interface Options {
  readonly servers?: number;
  readonly version: string;
  readonly autoscale?: true;
  readonly min?: number;
  readonly max?: number;
  readonly playersPerServer?: number;
}

/** Undefined without --autoscale, which the other three flags need. */
function scalingPolicy({ autoscale, min, max, playersPerServer }: Options): TargetTrackingPolicy | undefined {
  const wrong = (sentence: string) => new Refusal("bad-scaling", sentence, { exitCode: EXIT.wrongUsage });
  if (!autoscale) {
    if ((min ?? max ?? playersPerServer) === undefined) return undefined;
    throw wrong("--min, --max and --players-per-server mean something with --autoscale only.");
  }
  const minServers = min ?? Math.min(scaling.minServers, max ?? scaling.minServers);
  const maxServers = max ?? Math.max(scaling.maxServers, minServers);
  if (minServers > maxServers)
    throw wrong(`--min is ${minServers}, and --max ${maxServers}: the most must not be below.`);
  return { ...scaling, minServers, maxServers, targetValue: playersPerServer ?? scaling.targetValue };
}

/** A fault of our own must not leave processes behind. */
function endOnSurprises(home: Home, book: ProcessBook): void {
  process.on("uncaughtException", (error) => {
    sayOnStderr(error.stack ?? String(error));
    endAtOnce(home, book);
  });
}

/** A second Ctrl-C: no order any more, but nothing is left behind either. */
function endAtOnce(home: Home, book: ProcessBook): never {
  book.killAll();
  removeStackFile(home);
  rmSync(home.agentSocket, { force: true });
  book.close();
  process.exit(EXIT.notAchieved);
}

function refuseVersion(version: string): void {
  if (isVersion(version)) return;
  const sentence = `--version is ${JSON.stringify(version)}: it must be up to 64 letters, digits, dots, dashes or underscores.`;
  throw new Refusal("bad-version", sentence, { exitCode: EXIT.wrongUsage });
}

async function refuseTakenPorts(environment: Environment): Promise<void> {
  const ports = [
    ["HTTPS_PORT", environment.httpsPort],
    ["HTTP_PORT", environment.httpPort],
    ["CONTROL_PORT", environment.controlPort],
  ] as const;
  for (const [name, port] of ports) {
    const state = await portState(port);
    if (state === "free") continue;
    const why = state === "in-use" ? "is in use already" : "may not be used by this user";
    throw new Refusal("port-taken", `Port ${port} ${why}: set ${name} to another one.`);
  }
}

function summary(state: StackState, version: string, tookMs: number): string {
  const home = relative(process.cwd(), state.alb.ca.replace(/\/tls\/.*$/, "")) || ".";
  const ids = state.servers.map((server) => server.id).join(" ");
  return [
    "",
    `  Tidegate is up after ${(tookMs / 1000).toFixed(1)} s. Play at  ${state.alb.https}`,
    "",
    `  load balancer   ${state.alb.https}, ${state.alb.http} (redirects), ELBv2 API ${state.alb.control}`,
    `  game servers    ${ids}  (version ${version})`,
    `  Redis           ${redact(state.redis.url)}`,
    `  state and logs  ${home}`,
    "",
    "  The certificate is from a local authority, so the browser warns once; to have it trusted, import",
    `  ${state.alb.ca}`,
    "",
    "  Ctrl-C ends everything.",
    "",
    "",
  ].join("\n");
}

function redact(redisUrl: string): string {
  const url = new URL(redisUrl);
  if (url.password !== "") url.password = "***";
  return url.href;
}
