// Whatever the control port is sent, it answers in XML with 200 or a 4xx, and what it refuses changes nothing.
// Seeded and bounded: a failure prints its seed and the smallest call that shows it.

import fc from "fast-check";
import { XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { checkState } from "../alb.ts";
import { limits } from "../limits.ts";
import { Store } from "../model/store.ts";
import { startApi } from "../testing/api.ts";
import { forwardTo, group, groupArn, lbArn, listenerArn, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { ControlApi, operationNames } from "./api.ts";
import type { ControlContext } from "./operation.ts";

const SEED = 20_261_122;
const RUNS = 1_500;
const TIMEOUT_MS = 60_000;

function setUp() {
  const initial = stateOf({
    groups: [group("g", [target(1)])],
    defaultAction: forwardTo(["g", 1]),
    rules: [pathRule(1, "/a", forwardTo(["g", 1]))],
  });
  const faults: string[] = [];
  const store = new Store({ initial, check: checkState, onFault: (error) => faults.push(error.message) });
  let id = 0;
  const api = new ControlApi(
    {
      ...{ store, clock: new VirtualClock(0), fastHealthChecks: false },
      newId: () => (++id).toString(16).padStart(16, "0"),
      ports: { open: async () => {}, release: () => {} },
      describeHealth: () => ({ State: "healthy" }),
      anomaly: () => ({ anomalous: false, mitigated: false }),
      // No operation of this API issues certificates.
      certificates: {} as ControlContext["certificates"],
    },
    () => "id",
  );
  return { store, api, faults };
}

const rule = `${listenerArn.replace("listener", "listener-rule")}/1`;
const member = fc.constantFrom(
  ...["Name", "Names", "LoadBalancerArn", "LoadBalancerArns", "TargetGroupArn", "TargetGroupArns", "ListenerArn"],
  ...["ListenerArns", "RuleArn", "RuleArns", "ResourceArns", "Tags", "TagKeys", "Targets", "Attributes", "Actions"],
  ...[
    "DefaultActions",
    "Conditions",
    "Priority",
    "RulePriorities",
    "Port",
    "Protocol",
    "PageSize",
    "Marker",
    "Matcher",
  ],
  ...["Certificates", "SslPolicy", "Subnets", "SecurityGroups", "HealthCheckIntervalSeconds", "TargetType", "Include"],
  ...["ForwardConfig", "RedirectConfig", "Transforms", "HealthCheckPath", "Scheme", "VpcId", "IpAddressType"],
);
const odd = fc.constantFrom("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "", "member", "0");
const part = fc.oneof(
  { weight: 4, arbitrary: member },
  { weight: 3, arbitrary: fc.constantFrom("member", "1", "2", "Key", "Value", "Id", "Type", "Field", "Values") },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: fc.nat(100_000).map(String) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const known = fc.constantFrom(lbArn, listenerArn, groupArn("g"), rule, `${listenerArn}/9`);
const value = fc.oneof(
  known,
  fc.constantFrom("forward", "redirect", "HTTP", "HTTPS", "ip", "true", "false", "path-pattern", "/a*", "10.0.0.7"),
  fc.constantFrom("-1", "0", "1", "80", "400", "65536", "1e9", "0x10", "99999999999999999999", "NaN", "Infinity", " 5"),
  fc.constantFrom("__proto__", "constructor", "<b>&\"'", "]]>", "\u0000\u0001", "\ud800", "(a+)+$"),
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.nat(3_000).map((length) => "x".repeat(length)),
);
const encode = (text: string) => {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a surrogate pair has no encoding: sent raw.
    return text;
  }
};
const parameter = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 6 }), value)
  .map(([parts, text]) => `${parts.map(encode).join(".")}=${encode(text)}`);
const likely = fc
  .tuple(fc.constantFrom(...operationNames), fc.array(parameter, { maxLength: 8 }))
  .map(([action, parameters]) => [`Action=${action}`, "Version=2015-12-01", ...parameters].join("&"));
/** Near to what is right: the ARN that most operations want, and a little of the rest. */
const near = fc
  .tuple(
    fc.constantFrom(...operationNames),
    fc.subarray([lbArn, groupArn("g"), listenerArn, rule]),
    fc.array(parameter, { maxLength: 2 }),
  )
  .map(([action, arns, parameters]) => {
    const names = ["LoadBalancerArn", "TargetGroupArn", "ListenerArn", "RuleArn"];
    const given = arns.map((arn, i) => `${names[i]}=${encode(arn)}`);
    return [`Action=${action}`, "Version=2015-12-01", ...given, ...parameters].join("&");
  });
/** Good calls, as they are or with something strange behind them. */
const good = fc
  .tuple(
    fc.constantFrom(
      "DescribeLoadBalancers",
      "DescribeAccountLimits&PageSize=1",
      "CreateLoadBalancer&Name=another",
      "CreateTargetGroup&Name=another&Protocol=HTTP&Port=80&TargetType=ip",
      `SetSubnets&LoadBalancerArn=${lbArn}&Subnets.member.1=subnet-1`,
      `RegisterTargets&TargetGroupArn=${groupArn("g")}&Targets.member.1.Id=10.0.0.9`,
      `DeregisterTargets&TargetGroupArn=${groupArn("g")}&Targets.member.1.Id=10.0.0.1`,
      `ModifyTargetGroup&TargetGroupArn=${groupArn("g")}&HealthCheckPath=/up`,
      `CreateRule&ListenerArn=${listenerArn}&Priority=9&Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=/x&Actions.member.1.Type=forward&Actions.member.1.TargetGroupArn=${groupArn("g")}`,
      `AddTags&ResourceArns.member.1=${lbArn}&Tags.member.1.Key=k&Tags.member.1.Value=v`,
      `DeleteRule&RuleArn=${rule}`,
    ),
    fc.array(parameter, { maxLength: 1 }),
  )
  .map(([call, more]) => [`Version=2015-12-01&Action=${call}`, ...more].join("&"));
const broken = fc.oneof(
  fc.string({ maxLength: 200, unit: "binary" }),
  fc.string({ maxLength: 60 }).map((text) => `Action=%${text}&Version=%zz&%=%&=&&&`),
  fc.nat(4_000).map((depth) => `Action=CreateRule&Version=2015-12-01&${"Actions.member.1.".repeat(depth)}x=1`),
  fc.nat(8_000).map((count) => `Action=DescribeTags&Version=2015-12-01${"&a=1".repeat(count)}`),
  fc
    .nat(3_000)
    .map(
      (count) =>
        `Action=RegisterTargets&Version=2015-12-01&TargetGroupArn=${groupArn("g")}` +
        Array.from({ length: count }, (_, i) => `&Targets.member.${i + 1}.Id=10.0.0.${i % 256}`).join(""),
    ),
);

test("ALB-102: any call gets an answer in XML, never 500; a refused one changes nothing; no prototype is touched", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { store, api, faults } = setUp();
  const initial = store.state;
  let refused = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(likely, near, good, broken), async (body) => {
      const before = store.state;
      const { status, xml } = await api.answer(body.slice(0, limits.maxControlBodyBytes));
      expect([200, 400]).toContain(status);
      expect(XMLValidator.validate(xml)).toBe(true);
      if (status === 200) done++;
      else {
        refused++;
        expect(xml).toMatch(/<Error><Type>Sender<\/Type><Code>[A-Z]\w+<\/Code><Message>./);
        expect(store.state).toBe(before);
      }
      // Each call finds what the first one found.
      store.replace(initial);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(faults).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  // Both kinds of answers came, or the calls were not worth much.
  expect(refused).toBeGreaterThan(RUNS / 2);
  expect(done).toBeGreaterThan(RUNS / 20);
});

test("ALB-102: bytes that are no form are refused by the port in XML, and it goes on serving", {
  timeout: TIMEOUT_MS,
}, async () => {
  const api = await startApi();
  const contentType = fc.constantFrom("application/x-www-form-urlencoded", "application/json", "text/plain; charset=x");
  try {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), contentType, async (body, type) => {
        const headers = { "content-type": type };
        const response = await fetch(api.url, { method: "POST", headers, body: Buffer.from(body) });
        expect(response.status).toBe(400);
        expect(XMLValidator.validate(await response.text())).toBe(true);
      }),
      { seed: SEED, numRuns: 150 },
    );
    expect((await api.raw("Action=DescribeLoadBalancers&Version=2015-12-01")).status).toBe(200);
  } finally {
    await api.close();
  }
});
