// Stickiness of one exchange: asks routing what its cookies mean, and words the cookies of its response.

import type { Clock } from "../clock.ts";
import type { CookieSeal } from "../routing/cookie-seal.ts";
import { cookiesOf } from "../routing/sticky-cookies.ts";
import { groupCookies, stickyGroup } from "../routing/sticky-group.ts";
import { stickyTarget, targetCookies } from "../routing/sticky-target.ts";
import type { ForwardRoute, GroupRoute, TargetRoute } from "../routing/table.ts";
import { type Exchange, headerValue } from "./exchange.ts";
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

export function createAffinity({ seal, clock, cookiesOn101 }: AffinityDependencies): Affinity {
  const at = () => ({ seal, nowMs: clock.nowMs() });
  return {
    group(action, { head }, record) {
      if (action.groupStickinessMs === undefined) return undefined;
      const { group, invalid } = stickyGroup(action, cookiesOf(head.rawHeaders), at());
      if (invalid) record.errorReason = "AWSALBTGCookieInvalid";
      return group;
    },
    target(group, { head }) {
      return group.stickiness && stickyTarget(group, cookiesOf(head.rawHeaders), at());
    },
    cookies({ action, group, target, kept, exchange, status, rawHeaders }) {
      if (status === 101 && !cookiesOn101) return [];
      const { head, client } = exchange;
      const tls = client.tls !== undefined;
      const own = group.stickiness
        ? targetCookies(
            group,
            {
              ...{ target, rawHeaders, kept, tls },
              cookies: cookiesOf(head.rawHeaders),
              userAgent: headerValue(head.rawHeaders, "user-agent"),
            },
            at(),
          )
        : [];
      return [...groupCookies(action, group, tls, at()), ...own];
    },
  };
}
