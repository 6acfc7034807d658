// What the control API has been told: desired state, plain and immutable. What was observed (health) is kept elsewhere.

export type Attributes = Readonly<Record<string, string>>;

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: "internet-facing" | "internal";
  readonly ipAddressType: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly createdAtMs: number;
  readonly attributes: Attributes;
}

export type ListenerProtocol = "HTTP" | "HTTPS";

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: ListenerProtocol;
  /** HTTPS only. */
  readonly sslPolicy: string | undefined;
  /** HTTPS only; the first is the default certificate, which may stand among the others once more. */
  readonly certificateArns: readonly string[];
  readonly defaultActions: readonly Action[];
  readonly defaultRuleArn: string;
  readonly attributes: Attributes;
}

export interface Rule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
  /** At most one of each type. */
  readonly transforms?: readonly Transform[] | undefined;
}

/** A certificate that HTTPS listeners may name. A new one under the same ARN is another object. */
export interface Certificate {
  readonly arn: string;
  /** PEM: the leaf and its chain. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Signed by the local CA, or brought from outside. */
  readonly origin: "issued" | "imported";
  readonly addedAtMs: number;
}

// Actions and conditions keep the API's own member names, since they go in and come out unchanged.

export interface WeightedGroup {
  readonly TargetGroupArn: string;
  readonly Weight: number;
}

export interface ForwardAction {
  readonly Type: "forward";
  readonly Order?: number | undefined;
  readonly ForwardConfig: {
    readonly TargetGroups: readonly WeightedGroup[];
    readonly TargetGroupStickinessConfig: {
      readonly Enabled: boolean;
      /** Set when enabled. */
      readonly DurationSeconds?: number | undefined;
    };
  };
}

export interface RedirectAction {
  readonly Type: "redirect";
  readonly Order?: number | undefined;
  readonly RedirectConfig: {
    readonly Protocol: string;
    readonly Port: string;
    readonly Host: string;
    readonly Path: string;
    readonly Query: string;
    readonly StatusCode: "HTTP_301" | "HTTP_302";
  };
}

export interface FixedResponseAction {
  readonly Type: "fixed-response";
  readonly Order?: number | undefined;
  readonly FixedResponseConfig: {
    readonly StatusCode: string;
    readonly ContentType?: string | undefined;
    readonly MessageBody?: string | undefined;
  };
}

export type Action = ForwardAction | RedirectAction | FixedResponseAction;

export interface QueryPair {
  readonly Key?: string | undefined;
  readonly Value: string;
}

/** Either wildcard patterns or regular expressions. */
export interface Patterns {
  readonly Values?: readonly string[] | undefined;
  readonly RegexValues?: readonly string[] | undefined;
}

export type Condition =
  | { readonly Field: "host-header"; readonly HostHeaderConfig: Patterns }
  | { readonly Field: "path-pattern"; readonly PathPatternConfig: Patterns }
  | { readonly Field: "http-header"; readonly HttpHeaderConfig: Patterns & { readonly HttpHeaderName: string } }
  | { readonly Field: "query-string"; readonly QueryStringConfig: { readonly Values: readonly QueryPair[] } }
  | { readonly Field: "http-request-method"; readonly HttpRequestMethodConfig: { readonly Values: readonly string[] } }
  | { readonly Field: "source-ip"; readonly SourceIpConfig: { readonly Values: readonly string[] } };

export interface Rewrite {
  readonly Regex: string;
  /** `$1` to `$9` stand for what the groups of the expression have matched, `$0` for all of it. */
  readonly Replace: string;
}

export type Transform =
  | {
      readonly Type: "host-header-rewrite";
      readonly HostHeaderRewriteConfig: { readonly Rewrites: readonly Rewrite[] };
    }
  | { readonly Type: "url-rewrite"; readonly UrlRewriteConfig: { readonly Rewrites: readonly Rewrite[] } };

export interface HealthCheck {
  readonly protocol: "HTTP" | "HTTPS";
  /** `traffic-port` or a number. */
  readonly port: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `200`, `200,202` or `200-299`. */
  readonly matcher: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly port: number;
  readonly vpcId: string | undefined;
  readonly ipAddressType: "ipv4" | "ipv6";
  readonly healthCheck: HealthCheck;
  readonly attributes: Attributes;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly id: string;
  readonly port: number;
  readonly availabilityZone: string;
  /** Set once deregistered: the target takes no new request and is forgotten at this time. */
  readonly drainEndsAtMs?: number | undefined;
}

/** Identity of one registration, equal for as long as group, address and port are. */
export type TargetKey = string & { readonly brand: "TargetKey" };

export const targetKey = (groupArn: string, target: { readonly id: string; readonly port: number }) =>
  `${groupArn}|${target.id}|${target.port}` as TargetKey;

export const groupArnOf = (key: TargetKey) => key.slice(0, key.indexOf("|"));
