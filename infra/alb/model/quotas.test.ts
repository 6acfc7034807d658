import { expect, test } from "vitest";
import { accountLimits } from "../limits.ts";
import { forwardTo, group, groupArn, lbArn, listenerArn, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { checkQuotas } from "./quotas.ts";
import type { State } from "./store.ts";
import type { Action, TargetGroup } from "./types.ts";

const fixed = (StatusCode: string): Action => ({ Type: "fixed-response", FixedResponseConfig: { StatusCode } });
const several = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const manyOf = <V>(count: number, one: V) => new Map(several(count).map((i) => [String(i), one]));

const base = stateOf({ groups: [group("g", [])], defaultAction: forwardTo(["g", 1]) });
const loadBalancer = base.loadBalancers.get(lbArn)!;
const listener = base.listeners.get(listenerArn)!;

/** Groups that rules of the one listener forward to. */
const using = (groups: readonly TargetGroup[]) =>
  stateOf({
    groups,
    defaultAction: fixed("404"),
    rules: groups.map((each, i) => pathRule(i + 1, "/", forwardTo([each.name, 1]))),
  });
/** As many targets as asked for, all with one address, `ports` of them in each group. */
const oneAddress = (count: number, ports: number) =>
  using(
    several(Math.ceil(count / ports)).map((g) =>
      group(
        `g${g}`,
        several(Math.min(ports, count - (g - 1) * ports)).map((port) => target(port)),
      ),
    ),
  );
const addresses = (state: State): State => {
  let next = 0;
  const targetGroups = [...state.targetGroups].map(([arn, each]): [string, TargetGroup] => [
    arn,
    { ...each, targets: each.targets.map((one) => ({ ...one, id: `10.0.${next >> 8}.${next++ & 255}` })) },
  ]);
  return { ...state, targetGroups: new Map(targetGroups) };
};

type Case = readonly [code: string, quota: keyof typeof accountLimits, make: (count: number) => State];
const cases: readonly Case[] = [
  ["TooManyLoadBalancers", "application-load-balancers", (n) => ({ ...base, loadBalancers: manyOf(n, loadBalancer) })],
  ["TooManyTargetGroups", "target-groups", (n) => ({ ...base, targetGroups: manyOf(n, group("x", [])) })],
  [
    "TooManyTargets",
    "targets-per-target-group",
    (n) =>
      stateOf({
        groups: [
          group(
            "g",
            several(n).map((port) => target(port)),
          ),
        ],
        defaultAction: fixed("404"),
      }),
  ],
  ["TooManyTargets", "targets-per-application-load-balancer", (n) => addresses(oneAddress(n, 100))],
  [
    "TooManyListeners",
    "listeners-per-application-load-balancer",
    (n) => ({
      ...base,
      listeners: new Map(several(n).map((i) => [`${listenerArn}${i}`, { ...listener, arn: `${listenerArn}${i}` }])),
    }),
  ],
  [
    "TooManyRules",
    "rules-per-application-load-balancer",
    (n) =>
      stateOf({
        groups: [],
        defaultAction: fixed("404"),
        rules: several(n).map((i) => pathRule(i, "/", fixed("200"))),
      }),
  ],
  [
    "TooManyCertificates",
    "certificates-per-application-load-balancer",
    (n) => ({
      ...base,
      listeners: new Map([[listenerArn, { ...listener, certificateArns: ["default", ...several(n).map(String)] }]]),
    }),
  ],
  [
    "TooManyUniqueTargetGroupsPerLoadBalancer",
    "target-groups-per-application-load-balancer",
    (n) =>
      stateOf({
        groups: several(n).map((i) => group(`g${i}`, [])),
        defaultAction: fixed("404"),
        rules: several(Math.ceil(n / 5)).map((i) => {
          const names = several(5)
            .map((k) => (i - 1) * 5 + k)
            .filter((k) => k <= n);
          return pathRule(i, "/", forwardTo(...names.map((k): [string, number] => [`g${k}`, 1])));
        }),
      }),
  ],
  [
    "TooManyRegistrationsForTargetId",
    "target-id-registrations-per-application-load-balancer",
    (n) => oneAddress(n, 100),
  ],
];

test.each(cases)("ALB-100: %s: as many as the quota '%s' says, and not one more", (code, quota, make) => {
  const most = accountLimits[quota];
  expect(() => checkQuotas(make(most))).not.toThrow();
  expect(() => checkQuotas(make(most + 1))).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(`'${most}' has been reached`) }),
  );
});

test("ALB-100: TargetGroupAssociationLimit: a target group serves one load balancer", () => {
  const other = { ...listener, arn: `${listenerArn}9`, loadBalancerArn: `${lbArn}9` };
  const state = { ...base, listeners: new Map([...base.listeners, [other.arn, other]]) };
  expect(() => checkQuotas(base)).not.toThrow();
  expect(() => checkQuotas(state)).toThrow(
    expect.objectContaining({ code: "TargetGroupAssociationLimit", message: expect.stringContaining(groupArn("g")) }),
  );
});
