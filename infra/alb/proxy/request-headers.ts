// Headers on their way to the target: hop-by-hop ones end here, AWS's own are added. Pure.

import type { LoadBalancerSettings } from "../routing/table.ts";
import { withPort } from "./client-connection.ts";
import type { RequestHead } from "./exchange.ts";

export interface ForwardFacts {
  readonly settings: LoadBalancerSettings;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly listenerPort: number;
  readonly tls: { readonly protocol: string; readonly cipher: string } | undefined;
  /** The finished X-Amzn-Trace-Id. */
  readonly trace: string;
  /** Keep `Upgrade: websocket`. */
  readonly webSocket: boolean;
  /** The connection to the target may serve further requests. */
  readonly keepAlive: boolean;
  /** More than the head is to come, whatever the method. */
  readonly bodyFollows: boolean;
}

/** Never passed on as they came: they belong to one connection, or are written anew below. */
const ownHeaders = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "transfer-encoding", "expect"],
  ...["host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "x-amzn-trace-id", "http2-settings"],
  ...["x-amzn-tls-version", "x-amzn-tls-cipher-suite"],
]);
const validName = /^[-A-Za-z0-9]+$/;

export function requestHeaders(head: RequestHead, facts: ForwardFacts): string[] {
  const { settings } = facts;
  const named = connectionNamed(head.rawHeaders);
  const out = ["Host", hostForTarget(head, facts)];
  const forwardedFor: string[] = [];
  let chunked = false;
  let lengthGiven = false;
  for (let i = 0; i < head.rawHeaders.length; i += 2) {
    const name = head.rawHeaders[i]!;
    const value = head.rawHeaders[i + 1]!;
    const lower = name.toLowerCase();
    if (lower === "x-forwarded-for") forwardedFor.push(value);
    if (lower === "transfer-encoding") chunked = true;
    if (lower === "content-length") lengthGiven = true;
    if (ownHeaders.has(lower) || (named.has(lower) && lower !== "content-length")) continue;
    if (settings.dropInvalidHeaders && !validName.test(name)) continue;
    out.push(name, value);
  }
  const chain = forwardedForValue(forwardedFor, facts);
  if (chain !== undefined) out.push("X-Forwarded-For", chain);
  out.push("X-Forwarded-Proto", facts.tls ? "https" : "http");
  out.push("X-Forwarded-Port", String(facts.listenerPort));
  out.push("X-Amzn-Trace-Id", facts.trace);
  if (settings.tlsHeaders && facts.tls) {
    out.push("x-amzn-tls-version", facts.tls.protocol, "x-amzn-tls-cipher-suite", facts.tls.cipher);
  }
  if (facts.webSocket) out.push("Connection", "Upgrade", "Upgrade", "websocket");
  else {
    out.push("Connection", facts.keepAlive ? "keep-alive" : "close");
    if (chunked || (head.httpVersion === "2.0" && !lengthGiven && (facts.bodyFollows || mayHaveBody(head.method)))) {
      out.push("Transfer-Encoding", "chunked");
    } else if (!lengthGiven && mayHaveBody(head.method)) out.push("Content-Length", "0");
  }
  return out;
}

const mayHaveBody = (method: string) => !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].includes(method);

/** Headers that the client's Connection header declares to be of this connection only. */
function connectionNamed(rawHeaders: readonly string[]): Set<string> {
  const named = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() !== "connection") continue;
    for (const token of rawHeaders[i + 1]!.split(",")) named.add(token.trim().toLowerCase());
  }
  return named;
}

function forwardedForValue(received: readonly string[], facts: ForwardFacts): string | undefined {
  const before = received.filter((value) => value.trim() !== "").join(", ");
  switch (facts.settings.forwardedFor) {
    case "remove":
      return undefined;
    case "preserve":
      return before === "" ? undefined : before;
    case "append": {
      const peer = facts.settings.forwardedForPort ? withPort(facts.peerAddress, facts.peerPort) : facts.peerAddress;
      return before === "" ? peer : `${before}, ${peer}`;
    }
  }
}

function hostForTarget(head: RequestHead, { settings, listenerPort }: ForwardFacts): string {
  const { authority } = head;
  if (authority === "") return settings.dnsName;
  if (settings.preserveHost) return authority;
  const { host, port } = splitAuthority(authority.toLowerCase());
  if (listenerPort === 80 || listenerPort === 443) return host;
  return `${host}:${port ?? listenerPort}`;
}

/** `host` keeps the brackets of an IPv6 address. */
export function splitAuthority(authority: string): { host: string; port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority);
  return match ? { host: match[1]!, port: match[2] || undefined } : { host: authority, port: undefined };
}

export const countForwardedFor = (rawHeaders: readonly string[]) => {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === "x-forwarded-for") count += rawHeaders[i + 1]!.split(",").length;
  }
  return count;
};
