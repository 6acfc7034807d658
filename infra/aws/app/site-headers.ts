// What browsers are told with the client's files: the same as by a game server (server/web), which a test compares.
import {
  HeadersReferrerPolicy,
  type ResponseCustomHeader,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";

/** `connectTo`: where else pages open sockets and ask, beside their own host. */
export function addHeaders(
  scope: Construct,
  id: string,
  cacheControl: string,
  connectTo: readonly string[],
): ResponseHeadersPolicy {
  const custom: ResponseCustomHeader[] = [
    { header: "Cross-Origin-Opener-Policy", value: "same-origin", override: true },
    { header: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()", override: true },
    { header: "Cache-Control", value: cacheControl, override: true },
  ];
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: securityHeaders(connectTo),
    customHeadersBehavior: { customHeaders: custom },
  });
}

const securityHeaders = (connectTo: readonly string[]): ResponseSecurityHeadersBehavior => ({
  contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connectTo), override: true },
  contentTypeOptions: { override: true },
  referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override: true },
});

function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    ["connect-src 'self' blob: data:", ...connectTo].join(" "),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
