// The load balancer's own cookies: their names, how they are found in a request and how they are worded in a response.
// What they carry is sealed (cookie-seal.ts); whom they lead to is decided in sticky-target.ts and sticky-group.ts.

import { parseCookie } from "cookie";

const LIFE_MS = 7 * 24 * 3600 * 1000;

export type Cookies = Readonly<Record<string, string | undefined>>;

/** As they came: nothing is decoded, since AWS understands no URL-encoded values. The first of a name counts. */
export function cookiesOf(rawHeaders: readonly string[]): Cookies {
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === "cookie") lines.push(rawHeaders[i + 1]!);
  }
  return parseCookie(lines.join("; "), { decode: (value) => value });
}

/** The value of a pair such as AWSALB and AWSALBCORS: the latter wins when both are there. */
export const pairValue = (cookies: Cookies, name: string): string | undefined =>
  cookies[`${name}CORS`] ?? cookies[name];

const attributes = (nowMs: number) => `; Expires=${new Date(nowMs + LIFE_MS).toUTCString()}; Path=/`;

/** The Set-Cookie values of such a pair. The seven days are AWS's; how long it really counts stands inside `value`. */
export function setPair(name: string, value: string, nowMs: number, tls: boolean): string[] {
  const common = `${value}${attributes(nowMs)}`;
  return [`${name}=${common}`, `${name}CORS=${common}; SameSite=None${tls ? "; Secure" : ""}`];
}

/** One Set-Cookie value; `crossSite` lets browsers send it to other sites' requests as well, by TLS only. */
export const setOne = (name: string, value: string, nowMs: number, crossSite: boolean): string =>
  `${name}=${value}${attributes(nowMs)}${crossSite ? "; SameSite=None; Secure" : ""}`;

/** True when the target's response sets a cookie of that name. */
export function setsCookie(rawHeaders: readonly string[], name: string): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() !== "set-cookie") continue;
    const line = rawHeaders[i + 1]!;
    const cut = line.indexOf("=");
    if (cut > 0 && line.slice(0, cut).trim() === name) return true;
  }
  return false;
}

/**
 * The target's headers with `cookies` (Set-Cookie values) where AWS puts them: behind Date, Content-Type and
 * Content-Length, before everything else.
 */
export function withCookies(headers: readonly string[], cookies: readonly string[]): readonly string[] {
  if (cookies.length === 0) return headers;
  const first: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const into = leading.has(headers[i]!.toLowerCase()) ? first : rest;
    into.push(headers[i]!, headers[i + 1]!);
  }
  return [...first, ...cookies.flatMap((each) => ["Set-Cookie", each]), ...rest];
}

const leading = new Set(["date", "content-type", "content-length"]);
