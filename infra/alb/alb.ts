// A whole load balancer in one process: store, control API, health checks, routing table, data plane, telemetry.
// This is where they meet; each of them knows only what it is given here.

import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { type CertificateStore, openCertificateStore } from "./certificates/store.ts";
import type { Clock } from "./clock.ts";
import type { ConfigFile } from "./config/config-file.ts";
import { type Applied, Declarations } from "./config/declarations.ts";
import { Console } from "./console/console.ts";
import { AcmApi } from "./control/acm/api.ts";
import { ControlApi } from "./control/api.ts";
import type { ControlContext } from "./control/operation.ts";
import { ControlServer } from "./control/server.ts";
import { Deregistrations } from "./health/deregistration.ts";
import { HealthMonitor } from "./health/monitor.ts";
import { createProbe } from "./health/probe.ts";
import { checkQuotas } from "./model/quotas.ts";
import { type State, Store } from "./model/store.ts";
import { type TargetKey, targetKey } from "./model/types.ts";
import { DataPlane } from "./proxy/data-plane.ts";
import { buildTable } from "./routing/table.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { accessLogLine } from "./telemetry/access-log-line.ts";
import { type LogSink, noLog } from "./telemetry/log-file.ts";
import { MetricHistory } from "./telemetry/metric-history.ts";
import { createMetrics, type HostCounts } from "./telemetry/metrics.ts";

export interface AlbOptions {
  /** Certificates are kept below, in `tls`. */
  readonly home: string;
  /** 0 lets the system choose. */
  readonly controlPort: number;
  /** Addresses on which listeners listen. */
  readonly bind: readonly string[];
  readonly clock: Clock;
  readonly accessLog?: LogSink;
  /** Hears of faults of our own that cost one exchange; default: a process warning. */
  readonly onFault?: (error: Error) => void;
  /** Allow health check intervals from one second. */
  readonly fastHealthChecks?: boolean;
  /** What AWS leaves open; default: as the reference recommends. */
  readonly switches?: Switches;
}

export interface Alb {
  readonly controlPort: number;
  readonly certificates: CertificateStore;
  /** Puts a config file in force, as a whole; rejects with a ConfigError, and then nothing has changed. */
  declare(file: ConfigFile): Promise<Applied>;
  /** Ends everything; open tunnels get a FIN and `graceMs` to leave. */
  close(graceMs: number): Promise<void>;
}

/** Rejects with Node's error when the control port cannot be had. */
export async function startAlb(options: AlbOptions): Promise<Alb> {
  const { clock, home, bind, accessLog = noLog, onFault = (error: Error) => process.emitWarning(error) } = options;
  const certificates = await openCertificateStore(join(home, "tls"), clock.nowMs());
  const store: Store = new Store({
    initial: { certificates: new Map([[certificates.defaultArn, certificates.local]]) },
    check: checkState,
    onFault,
  });
  const metrics = createMetrics(() => countHosts(store, monitor));
  const monitor: HealthMonitor = new HealthMonitor({ clock, probe: createProbe(clock), onChange: () => publish() });
  const dataPlane = new DataPlane({
    ...{ clock, bind },
    events: {
      connection: (_side, event) => metrics.connection(event),
      rejected: () => metrics.rejected(),
      handshakeFailed: () => metrics.handshakeFailed(),
      badRequest: (client) => metrics.badRequest(client.listener.loadBalancer.name),
      routed: (record) => metrics.routed(record),
      tunnelOpened: (tunnel, record) => {
        metrics.tunnelOpened(tunnel, record);
        if (record.target) consolePage.targets.count(record.target.key, 1);
      },
      failed: (error) => onFault(error),
      done: (record, tunnel) => {
        metrics.done(record, tunnel);
        if (tunnel && record.target) consolePage.targets.count(record.target.key, -1);
        accessLog.line(accessLogLine(record));
      },
    },
  });
  const deregistrations = new Deregistrations({ clock, store, cut: (key) => dataPlane.cut(key) });
  const status = (key: TargetKey) => monitor.status(key);
  const consolePage = new Console({
    ...{ clock, status, history: new MetricHistory(clock) },
    state: () => store.state,
    describeHealth: (group, target) => monitor.describe(group, target),
    outstanding: (key) => dataPlane.workload.outstanding(key),
    clients: () => dataPlane.clients,
  });
  const publish = () => {
    dataPlane.publish(buildTable(store.state, status));
    consolePage.targets.follow(store.state);
  };

  store.subscribe((state) => {
    monitor.follow(state);
    publish();
    deregistrations.follow(state);
  });
  const context: ControlContext = {
    ...{ store, clock, certificates, ports: dataPlane.ports },
    newId: () => randomBytes(8).toString("hex"),
    describeHealth: (group, target) => monitor.describe(group, target),
    fastHealthChecks: options.fastHealthChecks ?? false,
  };
  const api = new ControlApi(context, randomUUID);
  const inTurn = <T>(task: () => Promise<T>) => api.inTurn(task);
  const acm = new AcmApi({ ...{ store, clock, issuer: certificates }, newId: randomUUID }, inTurn, randomUUID);
  const declarations = new Declarations({ context, check: checkState, inTurn });
  const control = new ControlServer({
    ...{ api, acm },
    metrics: async () => ({ contentType: metrics.contentType, body: await metrics.text() }),
    console: (path, query) => consolePage.answer(path, query),
  });
  const end = async (graceMs: number) => {
    control.close();
    monitor.close();
    deregistrations.close();
    await dataPlane.close(graceMs);
    await accessLog.close();
  };
  try {
    const controlPort = await control.listen(options.controlPort);
    return { controlPort, certificates, declare: (file) => declarations.apply(file), close: end };
  } catch (error) {
    await end(0);
    throw error;
  }
}

/** A state that exceeds a quota, or of which no routing table can be made, is never stored. */
export function checkState(next: State): void {
  checkQuotas(next);
  buildTable(next, () => undefined);
}

function countHosts(store: Store, monitor: HealthMonitor): readonly HostCounts[] {
  return [...store.state.targetGroups.values()].map((group) => {
    const statuses = group.targets.map((each) => monitor.status(targetKey(group.arn, each)));
    return {
      groupArn: group.arn,
      healthy: statuses.filter((each) => each === "healthy").length,
      unhealthy: statuses.filter((each) => each === "unhealthy").length,
    };
  });
}
