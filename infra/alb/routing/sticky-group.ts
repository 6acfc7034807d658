// Stickiness between the groups of a weighted forward: AWSALBTG and AWSALBTGCORS lead a client back to its group.

import { limits } from "../limits.ts";
import { type Cookies, pairValue, setPair } from "./sticky-cookies.ts";
import type { SealAt } from "./sticky-target.ts";
import type { ForwardRoute, GroupRoute } from "./table.ts";

const COOKIE = "AWSALBTG";

export interface StickyGroup {
  /** While the action still has it, whatever its weight is now. */
  readonly group: GroupRoute | undefined;
  /** There was a cookie, and it was none of ours: AWSALBTGCookieInvalid in the log. An expired one is not invalid. */
  readonly invalid: boolean;
}

export function stickyGroup(action: ForwardRoute, cookies: Cookies, { seal, nowMs }: SealAt): StickyGroup {
  const value = action.groupStickinessMs === undefined ? undefined : pairValue(cookies, COOKIE);
  if (value === undefined) return { group: undefined, invalid: false };
  const opened = seal.open(COOKIE, value, limits.maxStickyCookieBytes);
  if (!opened) return { group: undefined, invalid: true };
  const route = action.groups.find(({ group }) => group.arn === opened.text);
  return { group: opened.expiresAtMs > nowMs ? route?.group : undefined, invalid: false };
}

/** Set-Cookie values; none when the action is not sticky. */
export function groupCookies(action: ForwardRoute, group: GroupRoute, tls: boolean, { seal, nowMs }: SealAt): string[] {
  if (action.groupStickinessMs === undefined) return [];
  const value = seal.seal(COOKIE, { text: group.arn, expiresAtMs: nowMs + action.groupStickinessMs });
  return setPair(COOKIE, value, nowMs, tls);
}
