// Alarms, dashboard, budget and logs of the templates.
import { expect, test } from "vitest";
import { type Json, synthesiseAll } from "./testing/variants.ts";

const { made, templates, one } = synthesiseAll();
const text = (value: unknown): string => JSON.stringify(value);

test("everything that should wake somebody has an alarm, a place on the dashboard, and mail when there is an address", () => {
  const alarms = made.oneRegion.all("tidegate-eu", "AWS::CloudWatch::Alarm");
  expect(alarms).toHaveLength(9);
  for (const metric of [
    ...["TickGapMaxMs", "UnHealthyHostCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"],
    ...["RejectedConnectionCount", "RefusedConnections", "EngineCPUUtilization", "DatabaseMemoryUsagePercentage"],
    "RunningTaskCount",
  ]) {
    expect(alarms.filter((alarm) => text(alarm).includes(`"${metric}"`))).toHaveLength(1);
    expect(text(one("oneRegion", "AWS::CloudWatch::Dashboard"))).toContain(metric);
  }
  for (const { AlarmActions, OKActions } of alarms) expect([AlarmActions, OKActions].flat()).toHaveLength(2);
  expect(one("oneRegion", "AWS::SNS::Subscription")).toMatchObject({ Protocol: "email", Endpoint: "ops@example.org" });
  expect(text(one("oneRegion", "AWS::SNS::TopicPolicy"))).toContain("cloudwatch.amazonaws.com");
  for (const { AlarmActions } of made.demo.all("tidegate-eu", "AWS::CloudWatch::Alarm"))
    expect(AlarmActions).toBeUndefined();
});

test("an account has one budget, at home, and who hears of alarms hears of it", () => {
  expect(one("twoRegions", "AWS::Budgets::Budget").Budget).toMatchObject({ BudgetLimit: { Amount: 200, Unit: "USD" } });
  expect(made.twoRegions.all("tidegate-us", "AWS::Budgets::Budget")).toEqual([]);
  const notices = one("oneRegion", "AWS::Budgets::Budget").NotificationsWithSubscribers;
  expect(notices.map(({ Notification, Subscribers }: Json) => [Notification.NotificationType, Subscribers])).toEqual([
    ["ACTUAL", [{ SubscriptionType: "EMAIL", Address: "ops@example.org" }]],
    ["FORECASTED", [{ SubscriptionType: "EMAIL", Address: "ops@example.org" }]],
  ]);
  expect(one("demo", "AWS::Budgets::Budget").NotificationsWithSubscribers).toBeUndefined();
  expect(made.demo.all("tidegate-eu", "AWS::SNS::Subscription")).toEqual([]);
});

test("logs end some day, all of them", () => {
  const logs = templates().flatMap(({ Resources }) =>
    Object.values(Resources).filter(({ Type }) => Type === "AWS::Logs::LogGroup"),
  );
  expect(logs.length).toBeGreaterThan(8);
  for (const { Properties } of logs) expect(Properties.RetentionInDays).toBeLessThanOrEqual(14);
});
