// Every bound of the load balancer, by name and with its unit. AWS's own quotas are marked [AWS].

export const limits = {
  /** Client connections at one time; further ones are closed at once and counted as rejected. */
  maxClientConnections: 20_000,
  /** [AWS] All header bytes of a request. */
  maxRequestHeadBytes: 64 * 1024,
  /** [AWS] One header line, and the request line. */
  maxHeaderLineBytes: 16 * 1024,
  /** [AWS] All header bytes of a target's response. */
  maxResponseHeadBytes: 32 * 1024,
  /** [AWS] A redirect's Location. */
  maxRedirectLocationBytes: 8 * 1024,
  /** [AWS] Addresses in a client's X-Forwarded-For. */
  maxForwardedForAddresses: 30,
  /** [AWS] A client's X-Amzn-Trace-Id; a longer one is replaced. */
  maxTraceHeaderBytes: 7 * 1024,
  /** Bytes that a client may send behind its upgrade request before the target has answered. */
  maxEarlyBytes: 64 * 1024,
  /** One read of a tunnel's socket. */
  tunnelReadBytes: 64 * 1024,
  /** Sizes of reads below this, in bytes, whose views are kept for the next read of that size. */
  keptReadViews: 1024,
  /** Bytes that wait in a tunnel for a slow reader, in each direction, before the sender is read no further. */
  maxTunnelBacklogBytes: 64 * 1024,
  /** A stickiness cookie of a client that is looked into; ours are far shorter. */
  maxStickyCookieBytes: 512,
  /** [AWS] AWSALBAPP-0 to AWSALBAPP-3. */
  maxAppCookieShards: 4,
  /** [AWS] One of them, so that with name and attributes it stays below the 4 KiB that browsers take. */
  maxAppCookieShardBytes: 3_840,
  /** What the shards carry together, before encryption and base64. */
  maxAppCookieTextBytes: 11_000,
  /** A request head must be complete within this time, however slowly it trickles. */
  requestHeadTimeoutMs: 60_000,
  /** [AWS] TCP connect to a target. */
  targetConnectTimeoutMs: 10_000,
  /** Requests without an answer on one HTTP/1 connection; with the last of them it ends. */
  maxPipelinedRequests: 128,
  /** A client that moves no byte this long after its idle timeout, with requests under way, is left. */
  stalledClientGraceMs: 12_000,
  /** Connections to one target, waiting ones among them; a request beyond gets 503. */
  maxTargetConnections: 20_000,
  /** TLS handshake of a client. */
  clientHandshakeTimeoutMs: 10_000,
  /** Kept-alive connections that wait unused, for each target. */
  maxIdleTargetConnections: 64,
  /** [AWS] Concurrent streams of one HTTP/2 connection. */
  maxHttp2Streams: 128,
  /** [AWS] Requests on one HTTP/2 connection before GOAWAY. */
  maxHttp2RequestsPerConnection: 10_000,
  /** How long a closing connection may take to hand over its last bytes and hear the other side's end. */
  lingerMs: 2_000,
  /** Idle connections are looked for in this rhythm, so an idle cut comes at most this much late. */
  idleSweepMs: 250,
  /** Body of a request to the control API. */
  maxControlBodyBytes: 256 * 1024,
  /** [AWS] Certificates in the store. */
  maxCertificates: 2_500,
  /** PEM text of a certificate or of its chain. */
  maxCertificatePemBytes: 64 * 1024,
  /** The same, when it came compressed. */
  maxUnpackedControlBodyBytes: 1024 * 1024,
  /** Parameters in one request to the control API. */
  maxControlParameters: 5_000,
  /** Bytes of access log that wait for the disk; lines beyond are dropped and counted. */
  maxAccessLogBacklogBytes: 8 * 1024 * 1024,
  /** Size at which the access log file is set aside as FILE.1. */
  maxAccessLogFileBytes: 64 * 1024 * 1024,
  /** Metrics (name and dimensions) of which a history is kept. */
  maxMetrics: 2_000,
  /** How far back a metric is kept second by second. */
  keptMetricSeconds: 300,
  /** How far back a metric is kept minute by minute, and how long one without new values is remembered. */
  keptMetricMinutes: 360,
  /** [AWS] Data points in one answer of GetMetricStatistics. */
  maxStatisticsDatapoints: 1_440,
  /** [AWS] Metrics on one page of ListMetrics. */
  maxListedMetrics: 500,
  /** Buckets of one period's distribution, from which percentiles are read. */
  maxSketchBuckets: 1_024,
  /** Health checks under way at one time. */
  maxConcurrentHealthChecks: 200,
  /** A config file. */
  maxConfigBytes: 256 * 1024,
  /** Aliases that a config file may resolve, nested ones counted as often as they are met. */
  maxConfigAliases: 100,
  /** Entries of one list in a config file. */
  maxConfigItems: 1_000,
  /** Levels of nesting below one resource of a config file. */
  maxConfigDepth: 16,
  /** Problems of one config file that are told at once. */
  maxConfigProblems: 10,
  /** Host names in one certificate that the local CA signs. */
  maxCertificateDomains: 100,
  /** Quiet after a change of a watched config file before it is read again. */
  configSettleMs: 100,
  /** Connections that the console lists one by one, the newest. */
  maxConsoleConnections: 100,
  /** Changes of targets' states that the console remembers. */
  maxConsoleEvents: 50,
  /** Targets whose WebSockets the console draws, those that held most. */
  maxConsoleSeries: 24,
  /** A console document is used again for this long, however many pages ask. */
  consoleStateMs: 500,
  /** [AWS] Characters of a transform's expression, and of its replacement. */
  maxRewriteLength: 1_024,
  /** How long SIGTERM may take. */
  shutdownMs: 1_500,
} as const;

/** [AWS] Quotas as DescribeAccountLimits names them. */
export const accountLimits = {
  "application-load-balancers": 50,
  "target-groups": 3_000,
  "targets-per-application-load-balancer": 1_000,
  "listeners-per-application-load-balancer": 50,
  "rules-per-application-load-balancer": 100,
  "target-groups-per-application-load-balancer": 100,
  "target-groups-per-action-on-application-load-balancer": 5,
  "targets-per-target-group": 1_000,
  "target-id-registrations-per-application-load-balancer": 1_000,
  "certificates-per-application-load-balancer": 25,
  "condition-values-per-alb-rule": 5,
  "condition-wildcards-per-alb-rule": 6,
} as const;

/** [AWS] Tags on one resource. */
export const maxTagsPerResource = 50;

/** [AWS] Transforms in one rule. */
export const maxTransformsPerRule = 2;

/** Actions in one rule; AWS has such a limit and does not say which. */
export const maxActionsPerRule = 5;
