// A mail before a demo that was forgotten becomes dear. An account has one, in the stack of its first region.
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import type { Construct } from "constructs";
import type { Settings } from "../settings.ts";

/** Of what was spent, and of what the month will have cost at its end, percent. */
const NOTICES = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/** The whole account's costs: filters by tag work only once an administrator has activated the tag, and then from that day on. */
export function addBudget(scope: Construct, { budgetUsd, alarmMail }: Settings): void {
  new CfnBudget(scope, "Budget", {
    budget: { budgetType: "COST", timeUnit: "MONTHLY", budgetLimit: { amount: budgetUsd, unit: "USD" } },
    ...(alarmMail !== undefined && {
      notificationsWithSubscribers: NOTICES.map((notice) => ({
        notification: { ...notice, comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE" },
        subscribers: [{ subscriptionType: "EMAIL", address: alarmMail }],
      })),
    }),
  });
}
