// Carries out the transforms of a rule on a request's head. Pure but for the record, which the access log is made of.

import type { Transformer } from "../routing/transforms.ts";
import type { RequestHead } from "./exchange.ts";
import type { ExchangeRecord } from "./record.ts";
import { splitAuthority } from "./request-headers.ts";

/** The head as the target is to see it; undefined when a transform failed, which is a 500. */
export function rewrittenHead(
  head: RequestHead,
  transform: Transformer | undefined,
  record: Pick<ExchangeRecord, "transformedHost" | "transformedUri" | "transformStatus">,
): RequestHead | undefined {
  if (!transform) return head;
  const { host, port } = splitAuthority(head.authority.toLowerCase());
  const made = transform(host, head.target);
  if ("fault" in made) {
    record.transformStatus = made.fault;
    return undefined;
  }
  if (made.host === undefined && made.uri === undefined) return head;
  record.transformStatus = "TransformSuccess";
  record.transformedHost = made.host;
  record.transformedUri = made.uri;
  const keepsPort = made.host !== undefined && port !== undefined && splitAuthority(made.host).port === undefined;
  return {
    ...head,
    authority: made.host === undefined ? head.authority : keepsPort ? `${made.host}:${port}` : made.host,
    target: made.uri ?? head.target,
  };
}
