// Stickiness within a target group: the target that a request's cookies ask for, and the cookies that its response sets.
//
//   lb_cookie    AWSALB, AWSALBCORS       on every response; the duration begins anew with each
//   app_cookie   AWSALBAPP-0 … -3         once the target has set the application's cookie, and while the client sends both;
//                                         one cookie in up to four shards remembers a target for each group

import { limits } from "../limits.ts";
import type { CookieSeal } from "./cookie-seal.ts";
import { type Cookies, pairValue, setOne, setPair, setsCookie } from "./sticky-cookies.ts";
import type { GroupRoute, TargetRoute } from "./table.ts";

export type Stickiness =
  | { readonly kind: "lb_cookie"; readonly durationMs: number }
  | { readonly kind: "app_cookie"; readonly durationMs: number; readonly cookieName: string };

export interface SealAt {
  readonly seal: CookieSeal;
  readonly nowMs: number;
}

export interface ResponseFacts {
  readonly target: TargetRoute;
  /** Of the target's response: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  /** Of the request. */
  readonly cookies: Cookies;
  /** The target was chosen by its cookie. */
  readonly kept: boolean;
  readonly tls: boolean;
  readonly userAgent: string | undefined;
}

const LB_COOKIE = "AWSALB";
const APP_COOKIE = "AWSALBAPP";
/** What AWS sets for a shard that has nothing to carry. */
const NOTHING = "_remove_";

const addressOf = (target: TargetRoute) => `${target.id}|${target.port}`;
const find = (group: GroupRoute, address: string | undefined) =>
  address === undefined ? undefined : group.targets.find((each) => addressOf(each) === address);

/** Undefined without a good cookie, and when its target is gone, draining or unhealthy. */
export function stickyTarget(group: GroupRoute, cookies: Cookies, at: SealAt): TargetRoute | undefined {
  const { stickiness } = group;
  if (stickiness?.kind === "lb_cookie") {
    const value = pairValue(cookies, LB_COOKIE);
    const opened = value && at.seal.open(`${LB_COOKIE} ${group.arn}`, value, limits.maxStickyCookieBytes);
    return opened && opened.expiresAtMs > at.nowMs ? find(group, opened.text) : undefined;
  }
  if (stickiness?.kind === "app_cookie" && cookies[stickiness.cookieName] !== undefined) {
    return find(group, readShards(cookies, at).find((each) => each.groupArn === group.arn)?.address);
  }
  return undefined;
}

/** Set-Cookie values; none without stickiness. */
export function targetCookies(group: GroupRoute, facts: ResponseFacts, at: SealAt): string[] {
  const { stickiness } = group;
  if (!stickiness) return [];
  const expiresAtMs = at.nowMs + stickiness.durationMs;
  if (stickiness.kind === "lb_cookie") {
    const value = at.seal.seal(`${LB_COOKIE} ${group.arn}`, { text: addressOf(facts.target), expiresAtMs });
    return setPair(LB_COOKIE, value, at.nowMs, facts.tls);
  }
  const others = readShards(facts.cookies, at).filter((each) => each.groupArn !== group.arn);
  const sticks = facts.kept || setsCookie(facts.rawHeaders, stickiness.cookieName);
  const bond = { groupArn: group.arn, address: addressOf(facts.target), expiresAtMs };
  return writeShards(sticks ? [bond, ...others] : others, facts, at);
}

interface Bond {
  readonly groupArn: string;
  readonly address: string;
  readonly expiresAtMs: number;
}

function readShards(cookies: Cookies, { seal, nowMs }: SealAt): Bond[] {
  let value = "";
  for (let i = 0; i < limits.maxAppCookieShards; i++) {
    const shard = cookies[`${APP_COOKIE}-${i}`];
    if (shard === undefined || shard === NOTHING) break;
    value += shard;
  }
  if (value === "") return [];
  const most = limits.maxAppCookieShards * limits.maxAppCookieShardBytes;
  return (seal.open(APP_COOKIE, value, most)?.text.split("\n") ?? []).flatMap((line) => {
    const [expiry, address = "", groupArn = ""] = line.split(" ");
    const expiresAtMs = Number(expiry);
    return expiresAtMs > nowMs ? [{ groupArn, address, expiresAtMs }] : [];
  });
}

/** The newest bonds come first; what does not fit into the shards is left out. */
function writeShards(bonds: readonly Bond[], facts: ResponseFacts, { seal, nowMs }: SealAt): string[] {
  let text = "";
  for (const { expiresAtMs, address, groupArn } of bonds) {
    const longer = `${text}${text && "\n"}${Math.floor(expiresAtMs)} ${address} ${groupArn}`;
    if (longer.length > limits.maxAppCookieTextBytes) break;
    text = longer;
  }
  const expiresAtMs = Math.max(...bonds.map((each) => each.expiresAtMs));
  const value = text && seal.seal(APP_COOKIE, { text, expiresAtMs });
  const crossSite = facts.tls && wantsSameSiteNone(facts.userAgent);
  return Array.from({ length: limits.maxAppCookieShards }, (_, i) => {
    const shard = value.slice(i * limits.maxAppCookieShardBytes, (i + 1) * limits.maxAppCookieShardBytes);
    return setOne(`${APP_COOKIE}-${i}`, shard || NOTHING, nowMs, crossSite);
  });
}

/** Chromium took cookies without SameSite for `Lax` from version 80 on. */
function wantsSameSiteNone(userAgent: string | undefined): boolean {
  const version = /\bChrom(?:e|ium)\/(\d{1,4})/.exec(userAgent ?? "")?.[1];
  return version !== undefined && Number(version) >= 80;
}
