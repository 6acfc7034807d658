// The stack's tables: what each way costs and takes, and what each hop adds to the way before it. Pure.
import { formatTable } from "../../infra/stack/table.ts";
import { spreadOf } from "../common/statistics.ts";
import { type HeatOutcome, PARTS, type Part, type Usage } from "./measure.ts";
import { type Latency, WAYS, type Way, type WayLatencies } from "./players-protocol.ts";

const WAY_WORDS: Readonly<Record<Way, string>> = {
  direct: "server",
  plain: "load balancer, server",
  tls: "load balancer with TLS, server",
  remote: "load balancer with TLS, gateway, Redis, server",
};

const HOP_WORDS: Readonly<Record<Way, string>> = {
  direct: "the server alone",
  plain: "+ the load balancer",
  tls: "+ TLS",
  remote: "+ another gateway, and Redis",
};

/** What one player on a way costs, medians over the rounds. */
export interface WayCost {
  readonly way: Way;
  /** Microseconds a second, what everybody uses when nobody plays taken off. */
  readonly us: Readonly<Record<Part, number>>;
  /** Of all processes but the players'. */
  readonly sumUs: number;
  /** Both directions. */
  readonly messagesPerSecond: number;
  readonly bytesDownPerSecond: number;
  readonly idleShare: number;
}

export function costsOf(idle: Usage, outcomes: readonly HeatOutcome[]): WayCost[] {
  return WAYS.flatMap((way) => {
    const own = outcomes.filter((one) => one.way === way);
    if (own.length === 0) return [];
    const median = (pick: (one: HeatOutcome) => number) => spreadOf(own.map(pick))!.median;
    const ofPart = (part: Part) =>
      median(({ usage, players }) => Math.max(0, (usage[part] ?? 0) - (idle[part] ?? 0)) / players) * 1_000;
    const us = Object.fromEntries(PARTS.map((part) => [part, ofPart(part)])) as Record<Part, number>;
    return [
      {
        ...{ way, us, sumUs: us.alb + us.owner + us.gateway + us.redis },
        messagesPerSecond: median(({ inputsPerSecond, snapshotsPerSecond }) => inputsPerSecond + snapshotsPerSecond),
        bytesDownPerSecond: median(({ bytesDownPerSecond }) => bytesDownPerSecond),
        idleShare: median(({ idleShare }) => idleShare),
      },
    ];
  });
}

export function describe(costs: readonly WayCost[], latencies: Readonly<Record<Way, WayLatencies>>): string {
  return [
    `CPU of one player, µs a second, by process\n${costTable(costs)}`,
    `Latency, ms\n${latencyTable(latencies)}`,
    `What each hop adds\n${hopTable(costs, latencies)}`,
  ].join("\n\n");
}

const whole = (value: number): string => value.toFixed(0);

function costTable(costs: readonly WayCost[]): string {
  const heads = [
    "",
    "load balancer",
    "owner",
    "gateway",
    "Redis",
    "sum",
    "a message",
    "messages/s",
    "B/s down",
    "idle",
  ];
  const rows = costs.map(({ way, us, sumUs, messagesPerSecond, bytesDownPerSecond, idleShare }) => [
    WAY_WORDS[way],
    ...[us.alb, us.owner, us.gateway, us.redis, sumUs].map(whole),
    (sumUs / messagesPerSecond).toFixed(1),
    messagesPerSecond.toFixed(1),
    whole(bytesDownPerSecond),
    `${whole(idleShare * 100)} %`,
  ]);
  return formatTable(heads, rows);
}

const ms = (us: number): string => (us / 1_000).toFixed(2);
const pair = ({ p50Us, p99Us }: Latency): string[] => [ms(p50Us), ms(p99Us)];

function latencyTable(latencies: Readonly<Record<Way, WayLatencies>>): string {
  const heads = ["", "snapshot p50", "p99", "input shown p50", "p99", "round trip p50", "p99"];
  const rows = WAYS.map((way) => {
    const { snapshot, input, ping } = latencies[way];
    return [WAY_WORDS[way], ...pair(snapshot), ...pair(input), ...pair(ping)];
  });
  return formatTable(heads, rows);
}

function hopTable(costs: readonly WayCost[], latencies: Readonly<Record<Way, WayLatencies>>): string {
  const heads = ["", "CPU µs/s", "µs a message", "snapshot p50 ms", "input shown p50 ms", "round trip p50 ms"];
  const rows = costs.map(({ way, sumUs, messagesPerSecond }, index) => {
    const before = costs[index - 1];
    const addedUs = sumUs - (before?.sumUs ?? 0);
    const added = (pick: (of: WayLatencies) => Latency) =>
      ms(pick(latencies[way]).p50Us - (before ? pick(latencies[before.way]).p50Us : 0));
    return [
      HOP_WORDS[way],
      ...[whole(addedUs), (addedUs / messagesPerSecond).toFixed(1)],
      ...[added(({ snapshot }) => snapshot), added(({ input }) => input), added(({ ping }) => ping)],
    ];
  });
  return formatTable(heads, rows);
}
