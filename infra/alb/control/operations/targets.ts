// RegisterTargets, DeregisterTargets, DescribeTargetHealth: the coming and going of targets.

import { BlockList, isIP } from "node:net";
import { notRegistered } from "../../health/description.ts";
import { region } from "../../model/arns.ts";
import { invalid, invalidTarget } from "../../model/errors.ts";
import { withEntry } from "../../model/store.ts";
import { type Target, type TargetGroup, targetKey } from "../../model/types.ts";
import { type ControlContext, type Operation, operation } from "../operation.ts";
import { integer, list, oneOf, optional, required, structure, text } from "../shape.ts";
import { findTargetGroup } from "./target-groups.ts";

const targetShape = structure({
  Id: required(text({ minLength: 1, maxLength: 64 })),
  Port: optional(integer(1, 65_535)),
  AvailabilityZone: optional(text({ minLength: 1, maxLength: 64 })),
});

interface TargetInput {
  readonly Id: string;
  readonly Port: number | undefined;
  readonly AvailabilityZone: string | undefined;
}

/** AWS's private ranges, and loopback, which only a local load balancer can reach. */
const allowed = new BlockList();
for (const [address, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
] as const) {
  allowed.addSubnet(address, bits, "ipv4");
}
allowed.addAddress("::1", "ipv6");
allowed.addSubnet("fc00::", 7, "ipv6");

const find = (group: TargetGroup, { Id, Port }: TargetInput) =>
  group.targets.find((each) => each.id === Id && each.port === (Port ?? group.port));

function checkAddress(group: TargetGroup, id: string): void {
  const version = isIP(id);
  const wanted = group.ipAddressType === "ipv4" ? 4 : 6;
  if (version !== wanted) throw invalid(`The IP address '${id}' is not a valid ${group.ipAddressType} address`);
  if (!allowed.check(id, version === 4 ? "ipv4" : "ipv6")) {
    throw invalidTarget(`The IP address '${id}' is not within a range that may be used for targets`);
  }
}

const register = operation(
  "RegisterTargets",
  { TargetGroupArn: required(text()), Targets: required(list(targetShape)) },
  (input, { store }) => {
    const group = findTargetGroup(store, input.TargetGroupArn);
    const targets: Target[] = [...group.targets];
    if (input.Targets.length === 0) throw invalid("At least one target must be specified");
    for (const each of input.Targets) {
      checkAddress(group, each.Id);
      const port = each.Port ?? group.port;
      const known = targets.find((target) => target.id === each.Id && target.port === port);
      if (known?.drainEndsAtMs !== undefined) {
        throw invalidTarget(
          `The target '${each.Id}:${port}' is draining; register it again when its deregistration is complete`,
        );
      }
      if (!known) targets.push({ id: each.Id, port, availabilityZone: each.AvailabilityZone ?? `${region}a` });
    }
    store.replace({ targetGroups: withEntry(store.state.targetGroups, group.arn, { ...group, targets }) });
    return {};
  },
);

const deregister = operation(
  "DeregisterTargets",
  { TargetGroupArn: required(text()), Targets: required(list(targetShape)) },
  (input, { store, clock }) => {
    const group = findTargetGroup(store, input.TargetGroupArn);
    if (input.Targets.length === 0) throw invalid("At least one target must be specified");
    const leaving = new Set(input.Targets.map((each) => find(group, each)));
    const delayMs = Number(group.attributes["deregistration_delay.timeout_seconds"]) * 1000;
    const targets = group.targets.map((each) =>
      leaving.has(each) && each.drainEndsAtMs === undefined
        ? { ...each, drainEndsAtMs: clock.nowMs() + delayMs }
        : each,
    );
    store.replace({ targetGroups: withEntry(store.state.targetGroups, group.arn, { ...group, targets }) });
    return {};
  },
);

const noOverride = {
  State: "no_override",
  Reason: "AdministrativeOverride.NoOverride",
  Description: "No override is currently active on target",
};

const detection = ({ anomalous, mitigated }: ReturnType<ControlContext["anomaly"]>) => ({
  Result: anomalous ? "anomalous" : "normal",
  MitigationInEffect: mitigated ? "yes" : "no",
});

const describeHealth = operation(
  "DescribeTargetHealth",
  {
    TargetGroupArn: required(text()),
    Targets: optional(list(targetShape)),
    Include: optional(list(oneOf("AnomalyDetection", "All"))),
  },
  (input, context) => {
    const group = findTargetGroup(context.store, input.TargetGroupArn);
    const present = (target: Target, registered: boolean) => {
      const TargetHealth = registered ? context.describeHealth(group, target) : notRegistered;
      const { port } = group.healthCheck;
      return {
        Target: { Id: target.id, Port: target.port, AvailabilityZone: target.availabilityZone },
        HealthCheckPort: port === "traffic-port" ? String(target.port) : port,
        TargetHealth,
        AdministrativeOverride: noOverride,
        ...(input.Include &&
          registered && { AnomalyDetection: detection(context.anomaly(group.arn, targetKey(group.arn, target))) }),
      };
    };
    const descriptions = input.Targets
      ? input.Targets.map((each) => {
          const known = find(group, each);
          const { Id: id, Port: port = group.port, AvailabilityZone: zone = `${region}a` } = each;
          return present(known ?? { id, port, availabilityZone: zone }, known !== undefined);
        })
      : group.targets.map((each) => present(each, true));
    return { TargetHealthDescriptions: descriptions };
  },
);

export const targetOperations: readonly Operation[] = [register, deregister, describeHealth];
