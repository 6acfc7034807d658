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
import { stableIds } from "./control/stable-ids.ts";
import { Deregistrations } from "./health/deregistration.ts";
import { type FinishedCheck, HealthMonitor } from "./health/monitor.ts";
import { createProbe } from "./health/probe.ts";
import { Propagation } from "./health/propagation.ts";
import { checkQuotas } from "./model/quotas.ts";
import { type State, Store } from "./model/store.ts";
import type { TargetKey } from "./model/types.ts";
import { DataPlane } from "./proxy/data-plane.ts";
import { nextWarmths, type Warmths } from "./routing/slow-start.ts";
import { buildTable } from "./routing/table.ts";
import { openSealKey } from "./seal-key.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { CloudWatchApi } from "./telemetry/cloudwatch/api.ts";
import { groupHealth } from "./telemetry/group-health.ts";
import { healthCheckLogLine } from "./telemetry/health-check-log-line.ts";
import { type LogSink, noLog } from "./telemetry/log-file.ts";
import { MetricHistory } from "./telemetry/metric-history.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { createObserver } from "./telemetry/observer.ts";

export interface AlbOptions {
  /** Certificates are kept below, in `tls`. */
  readonly home: string;
  /** 0 lets the system choose. */
  readonly controlPort: number;
  /** Address of the control port; default: loopback. */
  readonly controlBind?: string;
  /** Names besides this machine's own by which the control port may be called. */
  readonly controlNames?: readonly string[];
  /** ARNs of what the API creates follow from names, so that they are the same after a restart; default: chance. */
  readonly stableArns?: boolean;
  /** Addresses on which listeners listen. */
  readonly bind: readonly string[];
  readonly clock: Clock;
  readonly accessLog?: LogSink;
  readonly connectionLog?: LogSink;
  readonly healthCheckLog?: LogSink;
  /** Hears of each health check. */
  readonly onHealthCheck?: (check: FinishedCheck) => void;
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
  const { clock, home, bind, onFault = (error: Error) => process.emitWarning(error) } = options;
  const { accessLog = noLog, connectionLog = noLog, healthCheckLog = noLog } = options;
  const { switches = defaultSwitches } = options;
  const certificates = await openCertificateStore(join(home, "tls"), clock.nowMs());
  const sealKey = await openSealKey(join(home, "tls"));
  const store: Store = new Store({
    initial: { certificates: new Map([[certificates.defaultArn, certificates.local]]) },
    check: checkState,
    onFault,
  });
  const history = new MetricHistory(clock);
  const metrics: Metrics = new Metrics({ clock, history, groups: () => groupHealth(store.state, { status, verdict }) });
  const monitor: HealthMonitor = new HealthMonitor({
    ...{ clock, probe: createProbe(clock) },
    onFault,
    onChange: () => publish(),
    onChecked: (check) => {
      healthCheckLog.line(healthCheckLogLine(check));
      options.onHealthCheck?.(check);
    },
  });
  const nowMs = () => clock.nowMs();
  const observer = createObserver({ metrics, accessLog, connectionLog, onFault, nowMs, randomHex });
  const dataPlane = new DataPlane({
    ...{ clock, bind, sealKey, switches },
    events: observer,
  });
  const deregistrations = new Deregistrations({ clock, store, cut: (key) => dataPlane.cut(key) });
  const status = (key: TargetKey) => monitor.status(key);
  const verdict = (groupArn: string, key: TargetKey) => dataPlane.anomalies.verdict(groupArn, key);
  const consolePage = new Console({
    ...{ clock, status, history },
    state: () => store.state,
    describeHealth: (group, target) => monitor.describe(group, target),
    outstanding: (key) => dataPlane.workload.outstanding(key),
    clients: () => dataPlane.clients,
  });
  const propagation = new Propagation({
    ...{ clock, random: Math.random, lagSeconds: switches.propagationLagSeconds },
    onChange: () => {
      monitor.follow(propagation.known(store.state));
      publish();
    },
  });
  let warmths: Warmths = new Map();
  const publish = () => {
    const known = propagation.known(store.state);
    warmths = nextWarmths(warmths, known, status, clock.nowMs());
    dataPlane.publish(buildTable(known, status, { warmths, routeToInitial: switches.routeToInitial }));
    consolePage.targets.follow(store.state);
  };

  store.subscribe((state) => {
    monitor.follow(propagation.known(state));
    metrics.follow(state);
    publish();
    deregistrations.follow(state);
  });
  const context: ControlContext = {
    ...{ store, clock, certificates, ports: dataPlane.ports },
    newId: () => randomHex(16),
    describeHealth: (group, target) => monitor.describe(group, target),
    anomaly: verdict,
    fastHealthChecks: options.fastHealthChecks ?? false,
  };
  const newIds = options.stableArns ? stableIds : () => context.newId;
  const api = new ControlApi(context, randomUUID, newIds);
  const inTurn = <T>(task: () => Promise<T>) => api.inTurn(task);
  const acm = new AcmApi({ ...{ store, clock, issuer: certificates }, newId: randomUUID }, inTurn, randomUUID);
  const declarations = new Declarations({ context, check: checkState, inTurn });
  const cloudWatch = new CloudWatchApi({ history, nowMs }, randomUUID);
  const control = new ControlServer({
    ...{ api, acm, cloudWatch, ca: certificates.ca },
    names: options.controlNames ?? [],
    metrics: () => metrics.page(),
    console: (path, query) => consolePage.answer(path, query),
  });
  const end = async (graceMs: number) => {
    control.close();
    monitor.close();
    propagation.close();
    metrics.close();
    deregistrations.close();
    await dataPlane.close(graceMs);
    await Promise.all([accessLog, connectionLog, healthCheckLog].map((each) => each.close()));
  };
  try {
    const controlPort = await control.listen(options.controlPort, options.controlBind ?? "127.0.0.1");
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

const randomHex = (digits: number) => randomBytes(digits / 2).toString("hex");
