// Where moto's load balancer and ours do not answer alike, and which of them answers as AWS does: by AWS's API reference for
// elasticloadbalancingv2 ("see" names the page), and by the answers of real load balancers that others have published. A difference that is not
// here fails the rehearsal, and so does a line that is no longer true.
import type { Known } from "./comparison.ts";

type Fields = Record<string, readonly [string, string]>;

/** Fields that moto leaves out, in the answers of these operations. */
function left(operations: readonly string[], fields: Readonly<Record<string, string>>): Fields {
  const of = (operation: string) =>
    Object.entries(fields).map(([field, ours]) => [`${operation} ${field}`, ["-", ours]] as const);
  return Object.fromEntries(operations.flatMap(of));
}

const keys = (names: readonly string[], value: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`Attributes[${name}]`, value]));

const FORWARD = {
  "ForwardConfig.TargetGroups[0].TargetGroupArn": "the targetgroup/tidegate-game",
  "ForwardConfig.TargetGroups[0].Weight": "1",
  "ForwardConfig.TargetGroupStickinessConfig.Enabled": "false",
};
const REDIRECT = {
  "RedirectConfig.Host": "#{host}",
  "RedirectConfig.Path": "/#{path}",
  "RedirectConfig.Query": "#{query}",
};
const under = (path: string, fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${path}.${field}`, value]));

/** Of a target group, in the answers of moto's Describe as of ours. */
const ALTERNATE = {
  TargetGroupArn: "the targetgroup/tidegate-game-green",
  ...{ TargetGroupName: "tidegate-game-green", TargetType: "ip", Protocol: "HTTP", ProtocolVersion: "HTTP1" },
  ...{ Port: "8000", VpcId: "the network", IpAddressType: "ipv4", LoadBalancerArns: "the loadbalancer/app/tidegate" },
  ...{ HealthCheckEnabled: "true", HealthCheckProtocol: "HTTP", HealthCheckPort: "traffic-port" },
  ...{ HealthCheckPath: "/readyz", "Matcher.HttpCode": "200" },
  ...{ HealthCheckIntervalSeconds: "5", HealthCheckTimeoutSeconds: "4" },
  ...{ HealthyThresholdCount: "2", UnhealthyThresholdCount: "2" },
};

const MINIMUM = "minimum_healthy_targets";

const motoLacks: readonly Known[] = [
  {
    why: "attributes of load balancers: ours tells all that AWS tells (see LoadBalancerAttribute)",
    fields: left(["ModifyLoadBalancerAttributes", "DescribeLoadBalancerAttributes"], {
      ...keys(["access_logs.s3.enabled", "health_check_logs.s3.enabled", "connection_logs.s3.enabled"], "false"),
      ...keys(["health_check_logs.s3.bucket", "health_check_logs.s3.prefix"], ""),
      ...keys(["connection_logs.s3.bucket", "connection_logs.s3.prefix"], ""),
      ...keys(["routing.http2.enabled"], "true"),
      ...keys(["routing.http.drop_invalid_header_fields.enabled", "routing.http.xff_client_port.enabled"], "false"),
      ...keys(["routing.http.preserve_host_header.enabled", "waf.fail_open.enabled"], "false"),
      ...keys(["routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "zonal_shift.config.enabled"], "false"),
      ...keys(["routing.http.xff_header_processing.mode"], "append"),
      ...keys(["routing.http.desync_mitigation_mode"], "defensive"),
      ...keys(["client_keep_alive.seconds"], "3600"),
    }),
  },
  {
    why: "attributes of target groups, likewise (see TargetGroupAttribute)",
    fields: left(["ModifyTargetGroupAttributes", "DescribeTargetGroupAttributes"], {
      ...keys(["stickiness.lb_cookie.duration_seconds", "stickiness.app_cookie.duration_seconds"], "86400"),
      ...keys(["stickiness.app_cookie.cookie_name"], ""),
      ...keys(["load_balancing.algorithm.anomaly_mitigation"], "off"),
      ...keys([`target_group_health.dns_failover.${MINIMUM}.count`], "1"),
      ...keys([`target_group_health.unhealthy_state_routing.${MINIMUM}.count`], "1"),
      ...keys([`target_group_health.dns_failover.${MINIMUM}.percentage`], "off"),
      ...keys([`target_group_health.unhealthy_state_routing.${MINIMUM}.percentage`], "off"),
    }),
  },
  {
    why: "what ModifyTargetGroupAttributes answers: moto says what was changed, AWS says all there is",
    fields: left(["ModifyTargetGroupAttributes"], {
      ...keys(["stickiness.enabled"], "false"),
      ...keys(["stickiness.type"], "lb_cookie"),
      ...keys(["slow_start.duration_seconds"], "0"),
      ...keys(["load_balancing.cross_zone.enabled"], "use_load_balancer_configuration"),
    }),
  },
  {
    why: "attributes of listeners: headers of answers (see ListenerAttribute)",
    fields: left(["DescribeListenerAttributes"], {
      ...keys(["routing.http.response.server.enabled"], "true"),
      ...keys(
        [
          ...["strict_transport_security", "content_security_policy", "x_content_type_options", "x_frame_options"],
          ...["access_control_allow_origin", "access_control_allow_methods", "access_control_allow_headers"],
          ...["access_control_allow_credentials", "access_control_expose_headers", "access_control_max_age"],
        ].map((header) => `routing.http.response.${header}.header_value`),
        "",
      ),
    }),
  },
  {
    why: "the scheme that nobody has said, IPv6 and addresses of zones (see LoadBalancer; internet-facing is the default of CreateLoadBalancer)",
    fields: left(["CreateLoadBalancer", "DescribeLoadBalancers"], {
      "LoadBalancers[tidegate].Scheme": "internet-facing",
      "LoadBalancers[tidegate].AvailabilityZones[subnet 1].LoadBalancerAddresses": "none",
      "LoadBalancers[tidegate].AvailabilityZones[subnet 2].LoadBalancerAddresses": "none",
      "LoadBalancers[tidegate].EnablePrefixForIpv6SourceNat": "off",
    }),
  },
  {
    why: "that a new target group has no load balancer yet (see TargetGroup)",
    fields: left(["CreateTargetGroup"], {
      "TargetGroups[tidegate-game].LoadBalancerArns": "none",
      "TargetGroups[tidegate-game-green].LoadBalancerArns": "none",
    }),
  },
  {
    why: "a forward to one group as a list of one, with its weight, and what a redirect keeps (AWS fills both in)",
    fields: {
      ...left(["CreateListener", "DescribeListeners"], {
        ...under("Listeners[HTTPS].DefaultActions[0]", FORWARD),
        ...under("Listeners[HTTP].DefaultActions[0]", REDIRECT),
      }),
      ...left(["DescribeRules"], under("Rules[default].Actions[0]", { ...FORWARD, ...REDIRECT })),
    },
  },
  {
    why: "mutual TLS, which is off (see MutualAuthenticationAttributes)",
    fields: left(["CreateListener", "ModifyListener", "DescribeListeners"], {
      "Listeners[HTTPS].MutualAuthentication.Mode": "off",
    }),
  },
  {
    why: "the paths of a rule in the older field as well, and transforms, of which there are none (see RuleCondition, Rule)",
    fields: {
      ...left(["CreateRule", "DescribeRules"], {
        "Rules[1].Conditions[0].Values": "/statusz,/metrics",
        "Rules[1].Transforms": "none",
      }),
      ...left(["DescribeRules"], { "Rules[default].Transforms": "none" }),
    },
  },
  {
    why: "the group behind a forward with weights, when the groups of a load balancer are asked for (see DescribeTargetGroups)",
    fields: left(["DescribeTargetGroups"], under("TargetGroups[tidegate-game-green]", ALTERNATE)),
  },
  {
    why: "the zone of an address, and that nobody has overridden its health (see TargetDescription, AdministrativeOverride)",
    fields: left(["DescribeTargetHealth"], {
      "TargetHealthDescriptions[0].Target.AvailabilityZone": "there",
      "TargetHealthDescriptions[0].AdministrativeOverride.State": "no_override",
      "TargetHealthDescriptions[0].AdministrativeOverride.Reason": "AdministrativeOverride.NoOverride",
      "TargetHealthDescriptions[0].AdministrativeOverride.Description": "No override is currently active on target",
    }),
  },
  {
    why: "quotas of application load balancers (see DescribeAccountLimits)",
    fields: left(["DescribeAccountLimits"], {
      "Limits[target-groups-per-application-load-balancer]": "100",
      "Limits[target-groups-per-action-on-application-load-balancer]": "5",
      "Limits[targets-per-target-group]": "1000",
      "Limits[target-id-registrations-per-application-load-balancer]": "1000",
      "Limits[condition-values-per-alb-rule]": "5",
      "Limits[condition-wildcards-per-alb-rule]": "6",
    }),
  },
  {
    why: "which kinds of load balancers a policy is for (see SslPolicy); ours names its own kind",
    fields: left(["DescribeSSLPolicies"], {
      "SslPolicies[ELBSecurityPolicy-TLS13-1-2-Res-2021-06].SupportedLoadBalancerTypes": "application",
    }),
  },
];

const motoDiffers: readonly Known[] = [
  {
    why: "application load balancers balance across zones, always (see LoadBalancerAttribute)",
    fields: {
      "ModifyLoadBalancerAttributes Attributes[load_balancing.cross_zone.enabled]": ["false", "true"],
      "DescribeLoadBalancerAttributes Attributes[load_balancing.cross_zone.enabled]": ["false", "true"],
    },
  },
  {
    why: "an attribute of load balancers (waf.fail_open.enabled), and one of network load balancers' listeners (tcp.idle_timeout.seconds)",
    fields: {
      "DescribeTargetGroupAttributes Attributes[waf.fail_open.enabled]": ["false", "-"],
      "DescribeListenerAttributes Attributes[tcp.idle_timeout.seconds]": ["350", "-"],
    },
  },
  {
    why: "ALPN is for TLS listeners of network load balancers, and a listener without TLS has no policy of it (see Listener)",
    fields: {
      "CreateListener Listeners[HTTPS].AlpnPolicy": ["none", "-"],
      "CreateListener Listeners[HTTP].AlpnPolicy": ["none", "-"],
      "CreateListener Listeners[HTTP].SslPolicy": ["ELBSecurityPolicy-2016-08", "-"],
      "ModifyListener Listeners[HTTPS].AlpnPolicy": ["none", "-"],
      "DescribeListeners Listeners[HTTPS].AlpnPolicy": ["none", "-"],
      "DescribeListeners Listeners[HTTP].AlpnPolicy": ["none", "-"],
      "DescribeListeners Listeners[HTTP].SslPolicy": ["ELBSecurityPolicy-2016-08", "-"],
    },
  },
  {
    why: "AWS names the port that was checked, as a number (see TargetHealthDescription)",
    fields: {
      "DescribeTargetHealth TargetHealthDescriptions[0].HealthCheckPort": ["traffic-port", "the target's port"],
    },
  },
  {
    why: "older quotas (see DescribeAccountLimits); ours are those of 2026, and leaves out network load balancers, which it is not",
    fields: {
      "DescribeAccountLimits Limits[application-load-balancers]": ["20", "50"],
      "DescribeAccountLimits Limits[targets-per-application-load-balancer]": ["30", "1000"],
      "DescribeAccountLimits Limits[network-load-balancers]": ["20", "-"],
      "DescribeAccountLimits Limits[targets-per-network-load-balancer]": ["200", "-"],
      "DescribeAccountLimits Limits[listeners-per-network-load-balancer]": ["50", "-"],
    },
  },
  {
    why: "moto looks neither at ports, priorities and keys of attributes, nor whether a listener has its certificate and its port is free; AWS refuses all of it",
    fields: {
      "CreateTargetGroup bad-port": ["done", "ValidationError 400"],
      "CreateListener 0": ["done", "ValidationError 400"],
      "CreateListener a free port": ["done", "ValidationError 400"],
      "CreateListener the HTTP port 2": ["done", "DuplicateListenerException 400"],
      "CreateRule 100000": ["done", "ValidationError 400"],
      "ModifyTargetGroupAttributes x": ["done", "ValidationError 400"],
    },
  },
  {
    why: "a load balancer of the same name and other settings is refused (see CreateLoadBalancer), and so is a rule that is not there (see DeleteRule)",
    fields: {
      "CreateLoadBalancer tidegate 2": ["done", "DuplicateLoadBalancerNameException 400"],
      DeleteRule: ["done", "RuleNotFoundException 400"],
    },
  },
  {
    why: "DeleteTargetGroup has no error for a group that is not there (see DeleteTargetGroup: ResourceInUse is its only one)",
    fields: { "DeleteTargetGroup 4": ["TargetGroupNotFoundException 400", "done"] },
  },
];

const oursDiffers: readonly Known[] = [
  {
    why: "ours is there at once: it has nothing to wait for, where AWS says `provisioning` first, and so does moto",
    fields: { "CreateLoadBalancer LoadBalancers[tidegate].State.Code": ["provisioning", "active"] },
  },
  {
    why: "no order is promised: moto begins with the newest version of TLS, ours with the oldest",
    fields: {
      "DescribeSSLPolicies SslPolicies[ELBSecurityPolicy-TLS13-1-2-Res-2021-06].SslProtocols": [
        ...(["TLSv1.3,TLSv1.2", "TLSv1.2,TLSv1.3"] as const),
      ],
    },
  },
];

/** By who of the two is not as AWS is. */
export const DIFFERENCES = {
  "moto lacks": motoLacks,
  "moto differs from AWS": motoDiffers,
  "ours differs": oursDiffers,
} as const satisfies Readonly<Record<string, readonly Known[]>>;
