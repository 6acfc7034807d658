import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attributes } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { createCookieSeal } from "./cookie-seal.ts";
import { cookiesOf, withCookies } from "./sticky-cookies.ts";
import { groupCookies, stickyGroup } from "./sticky-group.ts";
import { stickyTarget, targetCookies } from "./sticky-target.ts";
import { buildTable, type ForwardRoute, type GroupRoute } from "./table.ts";

const seal = createCookieSeal({ key: randomBytes(32), randomBytes });
const nowMs = Date.UTC(2026, 10, 22, 12);
const at = { seal, nowMs };
const later = (ms: number) => ({ seal, nowMs: nowMs + ms });

const lbCookie = { "stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "60" };
const appCookie = {
  "stickiness.enabled": "true",
  "stickiness.type": "app_cookie",
  "stickiness.app_cookie.cookie_name": "SESSION",
  "stickiness.app_cookie.duration_seconds": "60",
};

function routeOf(attributes: Attributes, healthy = [1, 2], name = "g"): GroupRoute {
  const groups = [group(name, [target(1), target(2)], attributes)];
  const health = (key: string) => (healthy.includes(Number(key.split("|")[2])) ? "healthy" : "unhealthy");
  const { action } = buildTable(stateOf({ groups, defaultAction: forwardTo([name, 1]) }), health).listeners.get(80)!
    .rules[0]!;
  return (action as ForwardRoute).groups[0]!.group;
}

/** What a browser sends back after these Set-Cookie values. */
const jar = (setCookies: readonly string[]) =>
  cookiesOf(["Cookie", setCookies.map((each) => each.split(";")[0]).join("; ")]);

interface Given {
  readonly cookies?: ReturnType<typeof jar>;
  readonly kept?: boolean;
  readonly rawHeaders?: readonly string[];
  readonly tls?: boolean;
  readonly userAgent?: string;
}
const answer = (route: GroupRoute, port: number, given: Given = {}, when = at) =>
  targetCookies(
    route,
    {
      ...{ rawHeaders: [], cookies: jar([]), kept: false, tls: true, userAgent: undefined, ...given },
      target: route.targets.find((each) => each.port === port)!,
    },
    when,
  );

test("ALB-62: two cookies of one value, for seven days, the second for other sites as well", () => {
  const [first = "", second = ""] = answer(routeOf(lbCookie), 2);
  expect(first).toMatch(/^AWSALB=[A-Za-z0-9+/]{128}; Expires=Sun, 29 Nov 2026 12:00:00 GMT; Path=\/$/);
  expect(second).toBe(`${first.replace("AWSALB=", "AWSALBCORS=")}; SameSite=None; Secure`);
  const plain = answer(routeOf(lbCookie), 2, { tls: false });
  expect(plain[1]).toMatch(/; Path=\/; SameSite=None$/);
  expect(answer(routeOf({}), 2)).toEqual([]);
});

test("ALB-62: the cookie leads to its target until the duration that stands inside is over", () => {
  const route = routeOf(lbCookie);
  const cookies = jar(answer(route, 2));
  expect(stickyTarget(route, cookies, later(59_999))?.port).toBe(2);
  expect(stickyTarget(route, cookies, later(60_000))).toBeUndefined();
  expect(stickyTarget(routeOf({}), cookies, at)).toBeUndefined();
});

test("ALB-62: AWSALBCORS wins over AWSALB, and either is enough", () => {
  const route = routeOf(lbCookie);
  const [one, two] = [jar(answer(route, 1)), jar(answer(route, 2))];
  const both = { AWSALB: one.AWSALB, AWSALBCORS: two.AWSALBCORS };
  expect(stickyTarget(route, both, at)?.port).toBe(2);
  expect(stickyTarget(route, { AWSALB: one.AWSALB }, at)?.port).toBe(1);
  expect(stickyTarget(route, { AWSALBCORS: two.AWSALBCORS }, at)?.port).toBe(2);
});

test("ALB-62: a target that is unhealthy, draining or gone is not gone back to", () => {
  const cookies = jar(answer(routeOf(lbCookie), 2));
  expect(stickyTarget(routeOf(lbCookie, [1]), cookies, at)).toBeUndefined();
  expect(stickyTarget(routeOf(lbCookie, [2]), cookies, at)?.port).toBe(2);
});

test("ALB-62: a cookie of another group, or a URL-encoded one, leads nowhere", () => {
  const cookies = jar(answer(routeOf(lbCookie), 2));
  expect(stickyTarget(routeOf(lbCookie, [1, 2], "other"), cookies, at)).toBeUndefined();
  const encoded = { AWSALB: encodeURIComponent(`${cookies.AWSALB}=`) };
  expect(stickyTarget(routeOf(lbCookie), encoded, at)).toBeUndefined();
});

const sets = ["Content-Type", "text/plain", "set-cookie", "SESSION=abc; Path=/"];

test("ALB-63: the application's cookie makes AWSALBAPP, in shards of which the unused ones say _remove_", () => {
  const [first, ...rest] = answer(routeOf(appCookie), 2, { rawHeaders: sets, tls: false });
  expect(first).toMatch(/^AWSALBAPP-0=[A-Za-z0-9+/=]{128,}; Expires=Sun, 29 Nov 2026 12:00:00 GMT; Path=\/$/);
  expect(rest.map((each) => each.split(";")[0])).toEqual([
    "AWSALBAPP-1=_remove_",
    "AWSALBAPP-2=_remove_",
    "AWSALBAPP-3=_remove_",
  ]);
});

test("ALB-63: without the application's cookie there is no stickiness", () => {
  const route = routeOf(appCookie);
  for (const rawHeaders of [[], ["Set-Cookie", "OTHER=1"], ["Set-Cookie", "SESSIONS=1"], ["Set-Cookie", "SESSION"]]) {
    expect(answer(route, 2, { rawHeaders })[0]).toContain("AWSALBAPP-0=_remove_");
  }
  const cookies = jar(answer(route, 2, { rawHeaders: sets }));
  expect(stickyTarget(route, cookies, at)).toBeUndefined();
  expect(stickyTarget(route, { ...cookies, SESSION: "anything" }, at)?.port).toBe(2);
  expect(stickyTarget(route, { SESSION: "anything" }, at)).toBeUndefined();
});

test("ALB-63: while the client sends both cookies the duration begins anew with each response", () => {
  const route = routeOf(appCookie);
  const first = { ...jar(answer(route, 2, { rawHeaders: sets })), SESSION: "abc" };
  expect(stickyTarget(route, first, later(60_000))).toBeUndefined();
  const second = { ...jar(answer(route, 2, { cookies: first, kept: true }, later(50_000))), SESSION: "abc" };
  expect(stickyTarget(route, second, later(100_000))?.port).toBe(2);
});

test("ALB-63: one cookie remembers the targets of several groups, in as many shards as it takes", () => {
  let cookies = jar([]);
  const names = Array.from({ length: 40 }, (_, i) => `group-number-${i}-of-a-long-name`);
  for (const name of names) {
    const set = answer(routeOf(appCookie, [1, 2], name), 2, { rawHeaders: sets, cookies });
    for (const each of set) expect(each.length).toBeLessThan(4_096);
    cookies = { ...jar(set), SESSION: "abc" };
  }
  expect(cookies["AWSALBAPP-1"]).not.toBe("_remove_");
  for (const name of names) expect(stickyTarget(routeOf(appCookie, [1, 2], name), cookies, at)?.port).toBe(2);
});

test("ALB-63: more groups than fit push out those that were not visited for longest", () => {
  let cookies = jar([]);
  const names = Array.from({ length: 110 }, (_, i) => `group-number-${i}-of-a-long-name`);
  for (const name of names) {
    cookies = { ...jar(answer(routeOf(appCookie, [1, 2], name), 2, { rawHeaders: sets, cookies })), SESSION: "abc" };
  }
  expect(stickyTarget(routeOf(appCookie, [1, 2], names.at(-1)), cookies, at)?.port).toBe(2);
  expect(stickyTarget(routeOf(appCookie, [1, 2], names[0]), cookies, at)).toBeUndefined();
});

test.each([
  ["Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36", true, true],
  ["Mozilla/5.0 Chromium/80.0", true, true],
  ["Mozilla/5.0 Chrome/79.0.1 Safari/537.36", true, false],
  ["Mozilla/5.0 Firefox/130.0", true, false],
  ["Mozilla/5.0 Chrome/120.0.0.0", false, false],
])("ALB-63: to %s with TLS %s the cookie says SameSite=None: %s", (userAgent, tls, expected) => {
  const [first = ""] = answer(routeOf(appCookie), 2, { rawHeaders: sets, userAgent, tls });
  expect(first.endsWith("; SameSite=None; Secure")).toBe(expected);
});

function weighted(blue: number, green: number, DurationSeconds: number | undefined = 60): ForwardRoute {
  const TargetGroups = [
    { TargetGroupArn: groupArn("blue"), Weight: blue },
    { TargetGroupArn: groupArn("green"), Weight: green },
  ];
  const TargetGroupStickinessConfig = { Enabled: DurationSeconds > 0, DurationSeconds };
  const state = stateOf({
    groups: [group("blue", [target(1)]), group("green", [target(2)])],
    defaultAction: { Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } },
  });
  return buildTable(state, () => "healthy").listeners.get(80)!.rules[0]!.action as ForwardRoute;
}

test("ALB-64: AWSALBTG leads back to the group, even when its weight is 0 by now, until its duration is over", () => {
  const action = weighted(1, 1);
  const set = groupCookies(action, action.groups[1]!.group, true, at);
  expect(set.map((each) => each.split("=")[0])).toEqual(["AWSALBTG", "AWSALBTGCORS"]);
  const cookies = jar(set);
  const found = (route: ForwardRoute, when = at) => stickyGroup(route, cookies, when);
  expect(found(action)).toMatchObject({ group: { arn: groupArn("green") }, invalid: false });
  expect(found(weighted(1, 0))).toMatchObject({ group: { arn: groupArn("green") } });
  expect(found(action, later(60_000))).toEqual({ group: undefined, invalid: false });
  expect(found(weighted(1, 1, 0))).toEqual({ group: undefined, invalid: false });
  expect(groupCookies(weighted(1, 1, 0), action.groups[1]!.group, true, at)).toEqual([]);
});

test("ALB-64: a group that the action no longer has is forgotten, and a cookie that is none of ours is invalid", () => {
  const action = weighted(1, 1);
  const gone = jar(groupCookies(action, routeOf({}), true, at));
  expect(stickyGroup(action, gone, at)).toEqual({ group: undefined, invalid: false });
  expect(stickyGroup(action, { AWSALBTG: "nonsense" }, at)).toEqual({ group: undefined, invalid: true });
  expect(stickyGroup(action, {}, at)).toEqual({ group: undefined, invalid: false });
});

test("ALB-62: the cookies stand behind Date, Content-Type and Content-Length, before what else the target sent", () => {
  const headers = [
    "Server",
    "x",
    "Content-Length",
    "2",
    "X-A",
    "1",
    "Date",
    "d",
    "Content-Type",
    "t",
    "Set-Cookie",
    "a=b",
  ];
  expect(withCookies(headers, ["AWSALB=v"])).toEqual([
    ...["Content-Length", "2", "Date", "d", "Content-Type", "t", "Set-Cookie", "AWSALB=v"],
    ...["Server", "x", "X-A", "1", "Set-Cookie", "a=b"],
  ]);
  expect(withCookies(headers, [])).toBe(headers);
});

test("ALB-62: whatever stands in Cookie headers, nothing is thrown and nobody is led anywhere", () => {
  const names = ["AWSALB", "AWSALBCORS", "AWSALBAPP-0", "AWSALBAPP-1", "AWSALBTG", "SESSION", "__proto__", ""];
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc
      .tuple(fc.constantFrom(...names), fc.string({ unit: "binary-ascii", maxLength: 200 }))
      .map((pair) => pair.join("=")),
    fc.constantFrom(";", "=", ";;;", "%00", "_remove_", '"', ",", " ".repeat(50)),
  );
  const lines = fc.array(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("; ")),
    { maxLength: 4 },
  );
  const routes = [routeOf(lbCookie), routeOf(appCookie)];
  const action = weighted(1, 1);
  fc.assert(
    fc.property(lines, (values) => {
      const cookies = cookiesOf(values.flatMap((value) => ["cookie", value]));
      for (const route of routes) {
        expect(stickyTarget(route, cookies, at)).toBeUndefined();
        expect(answer(route, 1, { cookies }).length).toBeGreaterThan(0);
      }
      expect(stickyGroup(action, cookies, at).group).toBeUndefined();
    }),
    { seed: 5, numRuns: 1_000 },
  );
});
