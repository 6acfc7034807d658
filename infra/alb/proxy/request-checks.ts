// What the load balancer refuses by itself before any rule is asked, and the facts that rules may look at.

import { limits } from "../limits.ts";
import type { RequestFacts } from "../routing/facts.ts";
import { type Exchange, headerValue } from "./exchange.ts";
import { countForwardedFor, splitAuthority } from "./request-headers.ts";

const goodAuthority = /^[\x21-\x7e]*$/;

/** The status of the refusal, or undefined when there is nothing to object to. */
export function objectionTo({ head }: Pick<Exchange, "head">): number | undefined {
  const { method, target, rawHeaders, authority, httpVersion } = head;
  if (method.length + target.length + 11 > limits.maxHeaderLineBytes) return 414;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const coding = rawHeaders[i]!.toLowerCase() === "transfer-encoding" ? rawHeaders[i + 1]!.toLowerCase() : "chunked";
    if (coding !== "chunked") return 501;
    if (rawHeaders[i]!.length + rawHeaders[i + 1]!.length + 2 >= limits.maxHeaderLineBytes) return 400;
  }
  if (authority === "" && httpVersion !== "1.0" && httpVersion !== "0.9") return 400;
  if (!goodAuthority.test(authority) || /[/@\\]/.test(authority)) return 400;
  const expected = headerValue(rawHeaders, "expect");
  if (expected !== undefined && expected.trim().toLowerCase() !== "100-continue") return 417;
  if (method === "TRACE" || method === "CONNECT") return 405;
  if (countForwardedFor(rawHeaders) > limits.maxForwardedForAddresses) return 463;
  return undefined;
}

export function factsOf({ head, client }: Pick<Exchange, "head" | "client">): RequestFacts {
  const cut = head.target.indexOf("?");
  return {
    method: head.method,
    host: splitAuthority(head.authority.toLowerCase()).host,
    path: cut < 0 ? head.target : head.target.slice(0, cut),
    query: cut < 0 ? "" : head.target.slice(cut + 1),
    rawHeaders: head.rawHeaders,
    sourceIp: client.peerAddress,
  };
}
