// What browsers are told to refuse on our pages. No Strict-Transport-Security: it would bind every other project on localhost.

import type { ServerResponse } from "node:http";

const HOST = /^[A-Za-z0-9.\-[\]:]{1,255}$/;

/** `host` is the request's own; older browsers do not count wss: to the same host as 'self'. `elsewhere`: what else the page may connect to. */
export function setSecurityHeaders(response: ServerResponse, host: string | undefined, elsewhere: string): void {
  const sockets = host !== undefined && HOST.test(host) ? ` wss://${host} ws://${host}` : "";
  response.setHeader(
    "Content-Security-Policy",
    [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob: data:",
      "font-src 'self' data:",
      "worker-src 'self' blob:",
      `connect-src 'self' blob: data:${sockets}${elsewhere}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
  );
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "same-origin");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}
