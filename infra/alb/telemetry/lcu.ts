// Load balancer capacity units, as AWS's price list defines them: the largest of four measures, each by its own unit. Pure.

export interface MinuteOfWork {
  readonly newConnections: number;
  readonly activeConnections: number;
  readonly bytes: number;
  readonly requests: number;
  readonly ruleEvaluations: number;
}

const newConnectionsPerSecond = 25;
const activeConnections = 3_000;
const bytesPerHour = 1_000_000_000;
const ruleEvaluationsPerSecond = 1_000;
const freeRulesPerRequest = 10;

/** LCUs of one minute, as if the hour went on like it. Source: Elastic Load Balancing pricing. */
export function consumedLcus(work: MinuteOfWork): number {
  const paidEvaluations = Math.max(0, work.ruleEvaluations - freeRulesPerRequest * work.requests);
  return Math.max(
    work.newConnections / 60 / newConnectionsPerSecond,
    work.activeConnections / activeConnections,
    (work.bytes * 60) / bytesPerHour,
    paidEvaluations / 60 / ruleEvaluationsPerSecond,
  );
}
