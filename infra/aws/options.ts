// What `npm run aws` can be told, before any package of AWS's is needed.
import type { Command } from "commander";
import { newCommand } from "../stack/command.ts";
import { type Region, readRegions } from "../stack/regions.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface Consent {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Flags of a deployment, as commander gives them. */
interface DeploymentFlags extends Consent {
  readonly account?: string;
  readonly regions?: string;
  readonly domain?: string;
  readonly hostedZoneId?: string;
  readonly version?: string;
  readonly servers?: string;
  readonly zones?: string;
  readonly nat?: boolean;
  readonly architecture?: "arm64" | "x86_64";
  readonly mail?: string;
  readonly budget?: string;
}

interface DestroyFlags extends Consent {
  readonly regions?: string;
}

/** What the command line asked for. */
export interface AwsActions {
  synth(settings: Settings): Promise<number>;
  diff(settings: Settings): Promise<number>;
  deploy(settings: Settings, consent: Consent): Promise<number>;
  destroy(regions: readonly Region[] | undefined, consent: Consent): Promise<number>;
  policy(): Promise<number>;
  rehearse(consent: Consent): Promise<number>;
}

/**
 * The command with its subcommands; `choose` is told what to do, after parsing. Further ones are mounted on it. Flags that cannot be used are a
 * Refusal while it parses, before anything is installed or asked.
 */
export function awsCommand(actions: AwsActions, choose: (run: () => Promise<number>) => void): Command {
  const program = newCommand("npm run aws --", "The same thing on AWS (docs/aws.md).");
  const deployment = (
    name: string,
    description: string,
    act: (settings: Settings, consent: Consent) => Promise<number>,
  ): Command =>
    withDeployment(program.command(name).description(description)).action((flags: DeploymentFlags) => {
      const settings = settingsOf(flags);
      choose(() => act(settings, flags));
    });
  deployment("synth", "writes the templates; needs no account", actions.synth);
  deployment("diff", "shows what a deploy would change; changes nothing", actions.diff);
  withConsent(deployment("deploy", "makes everything, or brings it up to date", actions.deploy));
  withConsent(program.command("destroy").description("takes everything away, and asks whether anything is left"))
    .option("--regions <list>", "only these, such as eu,us; else all that there are")
    .action((flags: DestroyFlags) => {
      const only = flags.regions === undefined ? undefined : readRegions(flags.regions);
      choose(() => actions.destroy(only, flags));
    });
  program
    .command("policy")
    .description("prints what an operator has to be allowed, as an IAM policy")
    .action(() => choose(() => actions.policy()));
  program
    .command("rehearse")
    .description("all of it against an AWS that is played on this machine (moto); needs Python, no account")
    .option("--json", "one JSON object on the last line of stdout")
    .action((flags: Consent) => choose(() => actions.rehearse(flags)));
  return program;
}

function withDeployment(command: Command): Command {
  return command
    .option("--regions <list>", "such as eu,us; the first one is home (default: eu)")
    .option("--domain <name>", "where people play, such as play.example.org; needed for several regions")
    .option("--hosted-zone-id <id>", "the public hosted zone of Route 53 that holds the domain")
    .option("--account <id>", "refuses the credentials of any other account")
    .option("--version <name>", "what the first deploy brings; later ones keep what runs (default: v1)")
    .option("--servers <count>", "game servers of each region from now on (default: as many as run; at first 3)")
    .option("--zones <count>", "zones of each region: 2 or 3 (default: 2)")
    .option("--nat", "servers without public addresses, behind NAT gateways")
    .option("--architecture <name>", "arm64 or x86_64 (default: arm64)")
    .option("--mail <address>", "who is told of alarms and costs (default: nobody)")
    .option("--budget <dollars>", "of a month; AWS mails when it will be passed (default: 200)");
}

const withConsent = (command: Command): Command =>
  command
    .option("--yes", "go ahead with what costs, or destroys")
    .option("--json", "one JSON object on the last line of stdout");

const settingsOf = ({ yes: _, json: __, ...flags }: DeploymentFlags): Settings => readSettings(flags);
