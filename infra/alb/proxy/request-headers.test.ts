import { expect, test } from "vitest";
import type { LoadBalancerSettings } from "../routing/table.ts";
import type { RequestHead } from "./exchange.ts";
import { countForwardedFor, type ForwardFacts, requestHeaders } from "./request-headers.ts";

const settings: LoadBalancerSettings = {
  name: "app/lb/1",
  dnsName: "lb-1.us-east-1.elb.amazonaws.com",
  idleTimeoutMs: 60_000,
  clientKeepAliveMs: 3_600_000,
  http2: true,
  forwardedFor: "append",
  forwardedForPort: false,
  preserveHost: false,
  dropInvalidHeaders: false,
  desyncMode: "defensive",
  tlsHeaders: false,
};
const facts: ForwardFacts = {
  settings,
  peerAddress: "203.0.113.7",
  peerPort: 4711,
  listenerPort: 443,
  tls: { protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" },
  trace: "Root=1-2-3",
  webSocket: false,
  bodyFollows: false,
  keepAlive: true,
};
const headOf = (rawHeaders: string[], more: Partial<RequestHead> = {}): RequestHead => ({
  ...{ httpVersion: "1.1", method: "GET", target: "/", authority: "Example.com", rawHeaders },
  ...more,
});

function sent(rawHeaders: string[], more: Partial<ForwardFacts> = {}, head: Partial<RequestHead> = {}) {
  const flat = requestHeaders(headOf(rawHeaders, head), { ...facts, ...more });
  const names: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) names[flat[i]!] = flat[i + 1]!;
  return names;
}
const using = (change: Partial<LoadBalancerSettings>): Partial<ForwardFacts> => ({
  settings: { ...settings, ...change },
});

test("ALB-10: X-Forwarded-For is started, or gets the peer at its end", () => {
  expect(sent([])["X-Forwarded-For"]).toBe("203.0.113.7");
  expect(sent(["x-forwarded-for", "10.0.0.1", "X-Forwarded-For", "10.0.0.2"])["X-Forwarded-For"]).toBe(
    "10.0.0.1, 10.0.0.2, 203.0.113.7",
  );
});

test("ALB-10: X-Forwarded-For can carry the port, be preserved or be removed", () => {
  expect(sent([], using({ forwardedForPort: true }))["X-Forwarded-For"]).toBe("203.0.113.7:4711");
  expect(sent([], { ...using({ forwardedForPort: true }), peerAddress: "fd00::1" })["X-Forwarded-For"]).toBe(
    "[fd00::1]:4711",
  );
  const given = ["X-Forwarded-For", "10.0.0.1"];
  expect(sent(given, using({ forwardedFor: "preserve" }))["X-Forwarded-For"]).toBe("10.0.0.1");
  expect(sent(given, using({ forwardedFor: "remove" }))["X-Forwarded-For"]).toBeUndefined();
});

test("ALB-11: X-Forwarded-Proto and X-Forwarded-Port are the listener's, whatever the client says", () => {
  const headers = sent(["X-Forwarded-Proto", "gopher", "x-forwarded-port", "1"]);
  expect(headers).toMatchObject({ "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443" });
  expect(sent([], { tls: undefined, listenerPort: 80 })["X-Forwarded-Proto"]).toBe("http");
  expect(Object.keys(headers)).not.toContain("x-forwarded-port");
});

test("ALB-13: Host loses the port on 80 and 443, gains the listener's port elsewhere, and is lower case", () => {
  expect(sent([], {}, { authority: "Example.com:443" }).Host).toBe("example.com");
  expect(sent([], { listenerPort: 8443 }).Host).toBe("example.com:8443");
  expect(sent([], { listenerPort: 8443 }, { authority: "[::1]:9" }).Host).toBe("[::1]:9");
  expect(sent([], using({ preserveHost: true }), { authority: "Example.com:443" }).Host).toBe("Example.com:443");
  expect(sent([], {}, { authority: "", httpVersion: "1.0" }).Host).toBe(settings.dnsName);
});

test("ALB-14: headers of one connection end at the load balancer", () => {
  const headers = sent([
    ...["Connection", "close, X-Private", "X-Private", "1", "Keep-Alive", "x", "TE", "trailers", "Upgrade", "h2c"],
    ...["Proxy-Connection", "close", "HTTP2-Settings", "a", "Trailer", "x", "Cookie", "c=1"],
  ]);
  expect(Object.keys(headers).sort()).toEqual([
    "Connection",
    "Cookie",
    "Host",
    "X-Amzn-Trace-Id",
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
  ]);
  expect(headers.Connection).toBe("keep-alive");
});

test("ALB-14: a body keeps its framing, and Connection cannot name Content-Length away", () => {
  expect(sent(["Content-Length", "3", "Connection", "content-length"])["Content-Length"]).toBe("3");
  expect(sent(["Transfer-Encoding", "chunked"], {}, { method: "POST" })["Transfer-Encoding"]).toBe("chunked");
  expect(sent([], {}, { method: "POST" })["Content-Length"]).toBe("0");
  expect(sent([], {}, { method: "POST", httpVersion: "2.0" })["Transfer-Encoding"]).toBe("chunked");
  expect(sent([])["Content-Length"]).toBeUndefined();
});

test("ALB-1: a WebSocket upgrade keeps its upgrade and everything that belongs to the handshake", () => {
  const headers = sent(
    ["Connection", "Upgrade", "Upgrade", "WebSocket", "Sec-WebSocket-Key", "k", "Sec-WebSocket-Extensions", "e"],
    { webSocket: true },
  );
  expect(headers).toMatchObject({
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Key": "k",
    "Sec-WebSocket-Extensions": "e",
  });
});

test("ALB-20: headers with unusual names pass, or are dropped when so configured", () => {
  expect(sent(["x_y", "1"]).x_y).toBe("1");
  expect(sent(["x_y", "1"], using({ dropInvalidHeaders: true })).x_y).toBeUndefined();
});

test("ALB-20: TLS version and cipher are told to the target when so configured, and never taken from a client", () => {
  const claimed = ["X-Amzn-Tls-Version", "TLSv9"];
  expect(sent(claimed)["X-Amzn-Tls-Version"]).toBeUndefined();
  expect(sent(claimed, using({ tlsHeaders: true }))).toMatchObject({
    "x-amzn-tls-version": "TLSv1.3",
    "x-amzn-tls-cipher-suite": "TLS_AES_256_GCM_SHA384",
  });
});

test("ALB-37: addresses in X-Forwarded-For are counted over all its instances", () => {
  expect(countForwardedFor(["X-Forwarded-For", "1, 2", "x-forwarded-for", "3", "Via", "4"])).toBe(3);
});
