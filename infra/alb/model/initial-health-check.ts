// The health check of a target group that says nothing of it, as AWS has it for HTTP.

import type { HealthCheck } from "./types.ts";

export const initialHealthCheck: HealthCheck = {
  protocol: "HTTP",
  port: "traffic-port",
  path: "/",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: "200",
};
