// Stickiness of one exchange: asks routing what its cookies mean, and words the cookies of its response.

import type { Clock } from "../clock.ts";
import type { CookieSeal } from "../routing/cookie-seal.ts";
import { type Cookies, cookiesOf } from "../routing/sticky-cookies.ts";
import { groupCookies, stickyGroup } from "../routing/sticky-group.ts";
import { stickyTarget, targetCookies } from "../routing/sticky-target.ts";
import type { ForwardRoute, GroupRoute, TargetRoute } from "../routing/table.ts";
import { type Exchange, headerValue, type RequestHead } from "./exchange.ts";
import type { ExchangeRecord } from "./record.ts";

export interface AffinityDependencies {
  readonly seal: CookieSeal;
  readonly clock: Clock;
  /** Cookies are set on the 101 of a WebSocket as well. */
  readonly cookiesOn101: boolean;
}

type Asking = Pick<Exchange, "head" | "client">;

export interface Answer {
  readonly action: ForwardRoute;
  readonly group: GroupRoute;
  readonly target: TargetRoute;
  /** The target was chosen by its cookie. */
  readonly kept: boolean;
  readonly exchange: Asking;
  /** Of the target's response. */
  readonly status: number;
  readonly rawHeaders: readonly string[];
}

export interface Affinity {
  /** The group that the client's cookie leads to; notes in the record when the cookie is none of ours. */
  group(action: ForwardRoute, exchange: Asking, record: Pick<ExchangeRecord, "errorReason">): GroupRoute | undefined;
  /** The target that the client's cookie leads to. */
  target(group: GroupRoute, exchange: Asking): TargetRoute | undefined;
  /** Values of Set-Cookie for the response to the client. */
  cookies(answer: Answer): readonly string[];
}

const none: readonly string[] = [];

export function createAffinity({ seal, clock, cookiesOn101 }: AffinityDependencies): Affinity {
  const at = () => ({ seal, nowMs: clock.nowMs() });
  /** Read once for each request: a hostile header takes milliseconds. */
  const read = new WeakMap<RequestHead, Cookies>();
  const cookiesIn = (head: RequestHead): Cookies => {
    const known = read.get(head) ?? cookiesOf(head.rawHeaders);
    read.set(head, known);
    return known;
  };
  return {
    group(action, { head }, record) {
      if (action.groupStickinessMs === undefined) return undefined;
      const { group, invalid } = stickyGroup(action, cookiesIn(head), at());
      if (invalid) record.errorReason = "AWSALBTGCookieInvalid";
      return group;
    },
    target(group, { head }) {
      return group.stickiness && stickyTarget(group, cookiesIn(head), at());
    },
    cookies({ action, group, target, kept, exchange, status, rawHeaders }) {
      if (!group.stickiness && action.groupStickinessMs === undefined) return none;
      if (status === 101 && !cookiesOn101) return none;
      const { head, client } = exchange;
      const tls = client.tls !== undefined;
      const own = group.stickiness
        ? targetCookies(
            group,
            {
              ...{ target, rawHeaders, kept, tls },
              cookies: cookiesIn(head),
              userAgent: headerValue(head.rawHeaders, "user-agent"),
            },
            at(),
          )
        : [];
      return [...groupCookies(action, group, tls, at()), ...own];
    },
  };
}
