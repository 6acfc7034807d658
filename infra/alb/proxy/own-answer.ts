// Answers of redirect and fixed-response actions. Pure: the decision goes in, head and body come out.

import { limits } from "../limits.ts";
import type { Decision } from "../routing/decide.ts";
import type { RequestFacts } from "../routing/facts.ts";
import { redirectLocation } from "../routing/redirect.ts";
import type { ListenerRoute } from "../routing/table.ts";
import { errorPage, serverHeader } from "./error-page.ts";
import type { ResponseHead } from "./exchange.ts";

export interface OwnAnswer {
  readonly head: ResponseHead;
  readonly body: string;
  readonly redirectUrl?: string;
}

export function ownAnswer(
  decision: Exclude<Decision, { kind: "forward" }>,
  facts: RequestFacts,
  listener: ListenerRoute,
): OwnAnswer {
  const server = listener.sendServerHeader ? serverHeader : [];
  if (decision.kind === "fixed-response") {
    const { StatusCode, ContentType, MessageBody: body = "" } = decision.config;
    const type = body === "" ? [] : ["Content-Type", `${ContentType ?? "text/plain"}; charset=utf-8`];
    const headers = [
      ...server,
      ...type,
      "Content-Length",
      String(Buffer.byteLength(body)),
      ...listener.responseHeaders,
    ];
    return { head: { status: Number(StatusCode), reason: fixedReason(StatusCode), headers }, body };
  }
  const location = redirectLocation(decision.config, {
    ...{ host: facts.host || listener.loadBalancer.dnsName, path: facts.path, query: facts.query },
    ...{ protocol: listener.protocol, port: listener.port },
  });
  if (location.length > limits.maxRedirectLocationBytes) {
    return errorPage(507, { sendServer: listener.sendServerHeader });
  }
  const status = decision.config.StatusCode === "HTTP_301" ? 301 : 302;
  const { head, body } = errorPage(status, { sendServer: listener.sendServerHeader });
  const headers = [...head.headers, "Location", location, ...listener.responseHeaders];
  return { head: { ...head, headers }, body, redirectUrl: location };
}

const fixedReason = (statusCode: string) =>
  errorPage(Number(statusCode), { sendServer: false }).head.reason || (statusCode.startsWith("2") ? "OK" : "");
