// Preflight questions about who we are on AWS and what we may do there.
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { EXIT, Refusal } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import { topology } from "../../stack/topology.ts";
import { names, type Settings } from "../settings.ts";
import type { Aws, AwsClients } from "./aws-clients.ts";
import { awsRefusal } from "./aws-errors.ts";
import type { Deployed } from "./deployed.ts";
import { telling } from "./operator-policy.ts";
import type { Check } from "./preflight.ts";
import { runningService } from "./running-service.ts";

/** Fargate On-Demand vCPU resource count: 6 in a young account. */
const FARGATE_VCPUS = { ServiceCode: "fargate", QuotaCode: "L-3032A538" };
const CPU_UNITS_PER_VCPU = 1024;
/** A deploy runs both generations at once. */
const GENERATIONS_AT_ONCE = 2;

export interface Caller {
  readonly account: string;
  readonly arn: string;
}

async function whoAmI(sts: AwsClients["sts"]): Promise<Caller> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}

/** Throws a Refusal for the credentials of another account than the one that was said. */
export async function callerFor({ account, regions }: Settings, aws: Aws): Promise<Caller> {
  const caller = await whoAmI(aws(regions[0]!.aws).sts);
  if (account === undefined || account === caller.account) return caller;
  throw new Refusal(
    "wrong-account",
    `These credentials are of account ${caller.account}, and --account says ${account}. Look at AWS_PROFILE.`,
    { exitCode: EXIT.wrongUsage },
  );
}

/** `onCaller` is told who it is, for the checks that come after. */
export function credentialsCheck(settings: Settings, aws: Aws, onCaller: (caller: Caller) => void): Check {
  return {
    name: "credentials",
    isBase: true,
    run: async () => {
      const caller = await callerFor(settings, aws);
      onCaller(caller);
      return `account ${caller.account}, as ${caller.arn}`;
    },
  };
}

/** A region that an account has not opted in to does not know its credentials, which is how one finds out without further rights. */
export function regionsCheck(settings: Settings, aws: Aws): Check {
  return {
    name: "regions",
    run: async () => {
      for (const region of settings.regions) {
        try {
          await whoAmI(aws(region.aws).sts);
        } catch (error) {
          const refusal = awsRefusal(error, `use the region ${region.aws}`);
          if (refusal.code !== "bad-credentials") throw refusal;
          throw new Refusal(
            "region-disabled",
            `The region ${region.aws} (${region.id}) is not enabled in this account: enable it on the account's page of regions, or leave it out.`,
          );
        }
      }
      return settings.regions.map(({ id, aws: name }) => `${id} is ${name}`).join(", ");
    },
  };
}

/** IAM is asked, unless it may not be: then that is said, and the first thing that is not allowed will say so itself. */
export function permissionsCheck(aws: AwsClients, caller: () => Caller): Check {
  return {
    name: "permissions",
    run: async () => {
      const { account, arn } = caller();
      if (arn.endsWith(":root")) return "those of the account's root, which may do everything; a user or role is safer";
      let missing: string[];
      try {
        missing = await deniedActions(aws, account, await principalOf(aws, arn));
      } catch (error) {
        return {
          unasked: `could not be asked for (${awsRefusal(error, "ask IAM").code}); what is missing will show when it is needed`,
        };
      }
      if (missing.length === 0) return "what a deploy needs is allowed";
      throw new Refusal(
        "permissions-missing",
        `These credentials may not do ${missing.join(", ")}. \`npm run aws -- policy\` prints what an operator needs.`,
      );
    },
  };
}

async function deniedActions({ iam }: AwsClients, account: string, principal: string): Promise<string[]> {
  const denied: string[] = [];
  for (const { actions, resource } of telling(account)) {
    const answer = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [...actions],
        ...(resource === undefined ? {} : { ResourceArns: [resource] }),
      }),
    );
    for (const { EvalActionName, EvalDecision } of answer.EvaluationResults ?? [])
      if (EvalDecision !== "allowed") denied.push(EvalActionName!);
  }
  return denied;
}

/** A session is judged by its role, whose path only IAM knows. */
async function principalOf({ iam }: AwsClients, arn: string): Promise<string> {
  const role = /^arn:[\w-]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return arn;
  const answer = await iam.send(new GetRoleCommand({ RoleName: role }));
  return answer.Role?.Arn ?? arn;
}

/** Whether Fargate would run both generations of a rollout. Not being told is no reason to stop. */
export function quotaCheck(settings: Settings, aws: Aws, deployed: () => Promise<Deployed>): Check {
  return {
    name: "quotas",
    run: async () => {
      const facts: string[] = [];
      for (const region of settings.regions) {
        const allowed = await fargateVcpus(aws(region.aws));
        if (allowed === undefined) continue;
        const servers = await serversToBe(settings, region, aws, deployed);
        const wanted = (servers * GENERATIONS_AT_ONCE * topology.service.container.cpuUnits) / CPU_UNITS_PER_VCPU;
        if (allowed < wanted)
          throw new Refusal(
            "quota",
            `Fargate gives this account ${allowed} vCPUs in ${region.aws}, and a rollout of ${servers} servers needs ${wanted}: ask for more (Service Quotas, "Fargate On-Demand vCPU resource count"), or deploy with fewer --servers.`,
          );
        facts.push(`${allowed} Fargate vCPUs in ${region.aws}, a rollout needs ${wanted}`);
      }
      return facts.length === 0 ? { unasked: "could not be asked for" } : facts.join("; ");
    },
  };
}

/** As many as were said, or else as run by now. */
async function serversToBe(
  { isSizeSaid, servers }: Settings,
  region: Region,
  aws: Aws,
  deployed: () => Promise<Deployed>,
): Promise<number> {
  if (isSizeSaid) return servers;
  try {
    const facts = (await deployed()).stack(names.regionStack(region))?.facts;
    return (facts && (await runningService(aws(region.aws).ecs, facts)))?.servers ?? servers;
  } catch {
    return servers; // another check says why it cannot be told
  }
}

async function fargateVcpus({ quotas }: AwsClients): Promise<number | undefined> {
  try {
    return (await quotas.send(new GetServiceQuotaCommand(FARGATE_VCPUS))).Quota?.Value;
  } catch {
    return undefined; // not allowed to ask, or not known there: AWS says so itself when it comes to it
  }
}
