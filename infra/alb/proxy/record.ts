// What is remembered of one exchange while it runs: the access log line and the metrics are made of it at its end.

import type { TargetRoute } from "../routing/table.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { Exchange } from "./exchange.ts";

export interface ExchangeRecord {
  readonly client: ClientConnection;
  readonly exchange: Pick<Exchange, "head" | "startedAtMs">;
  /** `Root=…` as it went to the target. */
  trace: string;
  webSocket: boolean;
  priority: number | undefined;
  action: "forward" | "redirect" | "fixed-response" | undefined;
  redirectUrl: string | undefined;
  groupArn: string | undefined;
  failOpen: boolean;
  target: TargetRoute | undefined;
  /** The request's head went to the target. */
  dispatchedAtMs: number | undefined;
  /** The response's head came from the target. */
  respondedAtMs: number | undefined;
  endedAtMs: number;
  /** 460 when the client left before it had an answer. */
  elbStatus: number;
  targetStatus: number | undefined;
  receivedBytes: number;
  sentBytes: number;
  /** No connection to the target came about. */
  connectFailed: boolean;
  /** The group is sticky, and the client came without a cookie that led to a target. */
  nonSticky: boolean;
  /** AWS's reason code, such as `AWSALBTGCookieInvalid`; undefined for a plain error. */
  errorReason: string | undefined;
  /** Of the request, by the rules of the desync modes; undefined when it complies with the RFCs. */
  classification: "Acceptable" | "Ambiguous" | "Severe" | undefined;
  /** Such as `NonCompliantHeader`. */
  classificationReason: string | undefined;
  /** Host that a rule's transforms made, undefined when they left it. */
  transformedHost: string | undefined;
  /** Path and query that a rule's transforms made, undefined when they left it. */
  transformedUri: string | undefined;
  /** Undefined when the rule has no transforms. */
  transformStatus: TransformStatus | undefined;
}

export type TransformStatus =
  | "TransformSuccess"
  | "TransformBufferTooSmall"
  | "TransformCompileError"
  | "TransformCompileTooBig"
  | "TransformInvalidHost"
  | "TransformInvalidPath"
  | "TransformRegexSyntaxError"
  | "TransformReplaceError";

export const newRecord = (exchange: Exchange): ExchangeRecord => ({
  client: exchange.client,
  exchange,
  trace: "",
  webSocket: false,
  priority: undefined,
  action: undefined,
  redirectUrl: undefined,
  groupArn: undefined,
  failOpen: false,
  target: undefined,
  dispatchedAtMs: undefined,
  respondedAtMs: undefined,
  endedAtMs: 0,
  elbStatus: 0,
  targetStatus: undefined,
  receivedBytes: 0,
  sentBytes: 0,
  connectFailed: false,
  nonSticky: false,
  errorReason: undefined,
  classification: undefined,
  classificationReason: undefined,
  transformedHost: undefined,
  transformedUri: undefined,
  transformStatus: undefined,
});
