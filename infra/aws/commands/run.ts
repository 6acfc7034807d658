// The commands that speak to AWS, put together: what they work on, what they print, and the exit code.
import { join } from "node:path";
import { sayOnStderr } from "../../provision/progress.ts";
import { systemClock } from "../../stack/clock.ts";
import { readEnvironment } from "../../stack/environment.ts";
import { makeHome } from "../../stack/home.ts";
import { EXIT, Refusal } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { onEndingSignals } from "../../stack/signals.ts";
import { cdk, synth, templatesOf } from "../app/synth.ts";
import type { Consent } from "../options.ts";
import type { Settings } from "../settings.ts";
import { type Caller, credentialsCheck, permissionsCheck, quotaCheck, regionsCheck } from "./account-checks.ts";
import { type Aws, awsClients } from "./aws-clients.ts";
import { idleUsdPerHour } from "./costs.ts";
import { deploy } from "./deploy.ts";
import { findDeployed } from "./deployed.ts";
import { destroy, planDestroy, planText } from "./destroy.ts";
import { diff } from "./diff.ts";
import { operatorPolicy } from "./operator-policy.ts";
import { dockerCheck, domainCheck, stacksCheck } from "./place-checks.ts";
import { preflight } from "./preflight.ts";
import { publishClient, publishRegions } from "./publish-client.ts";
import { publishImage } from "./publish-image.ts";

const say = sayOnStderr;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

export async function runSynth(settings: Settings): Promise<number> {
  const { stacks } = synth(settings, assemblyFolder());
  for (const { name, region, templateFile } of stacks) print(`${name}  ${region}  ${templateFile}`);
  return EXIT.done;
}

export function runDiff(settings: Settings): Promise<number> {
  return diff(settings, {
    ...{ aws: awsClients(), cdk, say },
    synth: (wanted) => synth(wanted, assemblyFolder()),
  });
}

export async function runDeploy(settings: Settings, consent: Consent): Promise<number> {
  const aws = awsClients();
  const signal = endingSignal();
  say("Looking at what is there; nothing is created yet.");
  await preflight(deployChecks(settings, aws), say);
  if (!consent.yes)
    throw needsYes(
      `This makes a deployment in ${settings.regions.map(({ aws: name }) => name).join(", ")}. ${costWords(settings)}`,
    );
  const outcome = await deploy(settings, {
    ...{ aws, publishImage, publishRegions, clock: systemClock, say, signal },
    publishClient: (client) => publishClient(client),
    synth: async (wanted) => templatesOf(synth(wanted, assemblyFolder())),
  });
  if (consent.json) print(JSON.stringify(outcome));
  else print(deployedText(outcome.url, settings));
  return EXIT.done;
}

const costWords = (settings: Settings): string =>
  `It costs about $${idleUsdPerHour(settings).toFixed(2)} an hour while nobody plays (docs/aws.md).`;

const deployedText = (url: string, settings: Settings): string =>
  [
    `Play at ${url}`,
    costWords(settings),
    "A new version:      npm run aws -- rollout --version v2",
    "Back to nothing:    npm run aws -- destroy --yes",
  ].join("\n");

function deployChecks(settings: Settings, aws: Aws) {
  let caller: Caller | undefined;
  let found: ReturnType<typeof findDeployed> | undefined;
  const deployed = () => {
    found ??= findDeployed(aws);
    return found;
  };
  return [
    credentialsCheck(settings, aws, (one) => {
      caller = one;
    }),
    regionsCheck(settings, aws),
    domainCheck(settings, aws),
    permissionsCheck(aws(settings.regions[0]!.aws), () => caller!),
    dockerCheck,
    stacksCheck(settings, deployed),
    quotaCheck(settings, aws, deployed),
  ];
}

export async function runDestroy(regions: readonly Region[] | undefined, consent: Consent): Promise<number> {
  const aws = awsClients();
  const signal = endingSignal();
  const plan = await planDestroy(aws, regions);
  if (plan.length === 0) {
    say("There is no deployment of ours.");
    if (consent.json) print(JSON.stringify({ deleted: [], left: [] }));
    return EXIT.done;
  }
  say(`These stacks go, with everything in them:\n${planText(plan)}`);
  if (!consent.yes) throw needsYes("It cannot be undone, and people who play are put out.");
  const outcome = await destroy(plan, { aws, clock: systemClock, say, signal });
  if (outcome.left.length > 0)
    say(`Left behind, to be looked at:\n${outcome.left.map((arn) => `  ${arn}`).join("\n")}`);
  else say("Nothing is left that costs.");
  if (consent.json) print(JSON.stringify(outcome));
  return outcome.left.length === 0 ? EXIT.done : EXIT.notAchieved;
}

export async function runPolicy(): Promise<number> {
  print(JSON.stringify({ Version: "2012-10-17", Statement: operatorPolicy() }, null, 2));
  return EXIT.done;
}

/** First Ctrl-C: stop waiting, in order. Second: at once; AWS goes on by itself with what it has begun. */
function endingSignal(): AbortSignal {
  const interruption = new AbortController();
  onEndingSignals(
    () => interruption.abort(),
    () => process.exit(EXIT.notAchieved),
  );
  return interruption.signal;
}

const assemblyFolder = (): string => join(makeHome(join(readEnvironment().home, "aws")).path, "cdk.out");

const needsYes = (what: string): Refusal =>
  new Refusal("needs-yes", `${what} Say --yes to go ahead.`, { exitCode: EXIT.wrongUsage });
