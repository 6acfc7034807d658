// Which of a region's two target groups serves: a blue/green rollout leaves servers and traffic in the other one.
import { DescribeRulesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "../../stack/refusal.ts";
import type { Region } from "../../stack/regions.ts";
import type { AwsClients } from "../commands/aws-clients.ts";

/** The group that gets most of what the rule forwards. Throws a Refusal when that is none of these. */
export async function servingArn(
  elb: Pick<AwsClients["elb"], "send">,
  ruleArn: string,
  groups: readonly string[],
): Promise<string> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const forwards = (Rules?.[0]?.Actions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) =>
    (ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }]).map((group) => ({ ...group, Weight: group.Weight ?? 1 })),
  );
  const [most] = forwards.sort((a, b) => b.Weight - a.Weight);
  const arn = most?.TargetGroupArn;
  if (arn !== undefined && groups.includes(arn)) return arn;
  throw new Refusal("foreign-rule", `The rule ${ruleArn} forwards to ${arn ?? "no group"}, which is none of ours.`);
}

/** Of a deployment that ECS rolls: nobody has written down which group it takes then, and in the one that does not serve nobody would find the servers. */
export const inOtherGroup = ({ id }: Region, how: string): Refusal =>
  new Refusal(
    "other-group",
    `In ${id} a blue/green rollout has left the servers in the alternate group, and ECS may roll new ones in the first one, where no traffic goes: ${how}.`,
  );
