// `npm start`: Redis, load balancer and game servers on this machine, until Ctrl-C.
import { sayOnStderr } from "../provision/progress.ts";
import type { TargetTrackingPolicy } from "./autoscale/target-tracking.ts";
import { systemClock } from "./clock.ts";
import { newCommand, runCommand, wholeNumber } from "./command.ts";
import { readEnvironment } from "./environment.ts";
import { LocalStack } from "./local-stack.ts";
import { EXIT, Refusal } from "./refusal.ts";
import { shareHome } from "./region-homes.ts";
import { planRegions, SERVERS_IN_EACH } from "./region-plan.ts";
import { readRehearsedRegions } from "./regions.ts";
import { onEndingSignals } from "./signals.ts";
import type { StackState } from "./stack-file.ts";
import { startSummary } from "./start-summary.ts";
import type { StartOptions } from "./supervisor.ts";
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
  )
  .option(
    "--regions <list>",
    `a stack for each of these regions, each as far away as it is, such as eu,us or eu=20,us=140 for round trips in ms; ` +
      `${SERVERS_IN_EACH} servers in each of several, for the sake of memory`,
  );

await runCommand(command, async () => {
  const startedMs = systemClock.nowMs();
  const options = command.opts<Options>();
  refuseVersion(options.version);
  const policy = scalingPolicy(options);
  const stacks = makeStacks(options.regions);
  endOnSurprises(stacks);
  const interrupted = new Promise<"interrupted">((resolve) => {
    onEndingSignals(
      () => resolve("interrupted"),
      () => endAtOnce(stacks),
    );
  });
  const broken = Promise.race(stacks.map((stack) => stack.broken));
  const fewest = stacks.length > 1 ? SERVERS_IN_EACH : servers.default;
  try {
    for (const stack of stacks) await stack.claim();
    const started = startAll(stacks, {
      servers: options.servers ?? policy?.minServers ?? fewest,
      version: options.version,
      scaling: policy,
    });
    started.catch(() => {}); // after an interruption nobody waits for it
    const states = await Promise.race([started, interrupted, broken]);
    if (states instanceof Refusal) throw states;
    if (states !== "interrupted") {
      process.stdout.write(startSummary(states, options.version, systemClock.nowMs() - startedMs));
      const end = await Promise.race([interrupted, broken]);
      if (end instanceof Refusal) throw end;
    }
    sayOnStderr("Ending ...");
  } finally {
    await Promise.all(stacks.map((stack) => stack.close()));
  }
  return EXIT.done;
});

/** One, or one for each region. */
function makeStacks(regions: string | undefined): LocalStack[] {
  const environment = readEnvironment();
  if (regions === undefined) return [new LocalStack({ environment, region: undefined }, sayOnStderr)];
  return planRegions(readRehearsedRegions(regions), environment).map(
    (plan) =>
      new LocalStack({ environment: plan.environment, region: plan }, (line) =>
        sayOnStderr(`${plan.around.here}: ${line}`),
      ),
  );
}

/** The first alone, since the others take over what it has built. */
async function startAll(stacks: readonly LocalStack[], options: StartOptions): Promise<StackState[]> {
  const [first, ...others] = stacks;
  if (first === undefined) return [];
  const state = await first.start(options);
  for (const other of others) shareHome(first.home, other.home, options.version);
  return [state, ...(await Promise.all(others.map((other) => other.start(options))))];
}

interface Options {
  readonly servers?: number;
  readonly version: string;
  readonly autoscale?: true;
  readonly min?: number;
  readonly max?: number;
  readonly playersPerServer?: number;
  readonly regions?: string;
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
function endOnSurprises(stacks: readonly LocalStack[]): void {
  process.on("uncaughtException", (error) => {
    sayOnStderr(error.stack ?? String(error));
    endAtOnce(stacks);
  });
}

/** A second Ctrl-C. */
function endAtOnce(stacks: readonly LocalStack[]): never {
  for (const stack of stacks) stack.endAtOnce();
  process.exit(EXIT.notAchieved);
}

function refuseVersion(version: string): void {
  if (isVersion(version)) return;
  const sentence = `--version is ${JSON.stringify(version)}: it must be up to 64 letters, digits, dots, dashes or underscores.`;
  throw new Refusal("bad-version", sentence, { exitCode: EXIT.wrongUsage });
}
