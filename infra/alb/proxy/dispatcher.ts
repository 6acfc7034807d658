// The data plane: takes exchanges, asks the routing table, and has them answered, forwarded or tunnelled.

import type { Clock } from "../clock.ts";
import type { TargetKey } from "../model/types.ts";
import { chooseTarget } from "../routing/choose-target.ts";
import { type Decision, decide, type ForwardDecision } from "../routing/decide.ts";
import type { ForwardRoute, GroupRoute, ListenerRoute, RoutingTable, TargetRoute } from "../routing/table.ts";
import type { Switches } from "../switches.ts";
import type { Affinity } from "./affinity.ts";
import type { AnomalyWatch } from "./anomaly-watch.ts";
import { judge } from "./desync.ts";
import { errorPage } from "./error-page.ts";
import { type Exchange, headerValue } from "./exchange.ts";
import { type ForwardTask, forward } from "./forward.ts";
import { ownAnswer } from "./own-answer.ts";
import { type ExchangeRecord, newRecord } from "./record.ts";
import { factsOf, objectionTo } from "./request-checks.ts";
import { requestHeaders } from "./request-headers.ts";
import { resetConnection } from "./reset.ts";
import { rewrittenHead } from "./rewrite.ts";
import type { TargetPool } from "./target-pool.ts";
import { newTraceRoot, traceHeader } from "./trace-id.ts";
import type { Tunnel } from "./tunnel.ts";
import { forwardUpgrade } from "./upgrade.ts";
import type { Workload } from "./workload.ts";

export interface DispatcherDependencies {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly randomHex: (digits: number) => string;
  readonly table: () => RoutingTable;
  readonly pool: TargetPool;
  readonly workload: Workload;
  readonly anomalies: AnomalyWatch;
  readonly affinity: Affinity;
  readonly switches: Switches;
  /** A target was picked: the request counts. */
  readonly onRouted: (record: ExchangeRecord) => void;
  readonly onTunnel: (tunnel: Tunnel, record: ExchangeRecord) => void;
  /** The exchange is over. */
  readonly onDone: (record: ExchangeRecord, tunnel: Tunnel | undefined) => void;
}

/** After these nobody can tell where the next request begins. */
const endsConnection = new Set([400, 408, 414, 417, 501]);

export class Dispatcher {
  readonly #deps: DispatcherDependencies;

  constructor(deps: DispatcherDependencies) {
    this.#deps = deps;
  }

  handle(exchange: Exchange): void {
    const { clock, randomHex, random } = this.#deps;
    const listener = this.#deps.table().listeners.get(exchange.client.port);
    if (!listener) {
      exchange.abort();
      return;
    }
    exchange.client.listener = listener;
    const record = newRecord(exchange);
    record.trace = traceHeader(
      headerValue(exchange.head.rawHeaders, "x-amzn-trace-id"),
      newTraceRoot(clock.nowMs(), randomHex),
    );
    this.#finishOnClose(exchange, record);

    const { classification, blocked, closes } = judge(exchange.head, listener.loadBalancer.desyncMode);
    record.classification = classification?.class;
    record.classificationReason = classification?.reason;
    if (closes) exchange.closeAfter();
    const objection = blocked ? 400 : objectionTo(exchange);
    if (objection) {
      this.#answerError(exchange, record, listener, objection);
      return;
    }
    const preferred = (action: ForwardRoute) => this.#deps.affinity.group(action, exchange, record);
    const decision = decide(listener, factsOf(exchange), random, preferred);
    record.priority = decision.priority;
    record.action = decision.kind;
    if (decision.kind === "forward") this.#forward(exchange, record, listener, decision, closes);
    else this.#answer(exchange, record, listener, decision);
  }

  #finishOnClose(exchange: Exchange, record: ExchangeRecord): void {
    exchange.onClosed(() => {
      // A tunnel has an end of its own.
      if (record.elbStatus !== 101) this.#finish(exchange, record, undefined);
    });
  }

  #finish(exchange: Exchange, record: ExchangeRecord, tunnel: Tunnel | undefined): void {
    record.endedAtMs = this.#deps.clock.nowMs();
    if (record.elbStatus === 0) record.elbStatus = 460;
    const { received, sent } = exchange.bytes();
    record.receivedBytes = received;
    record.sentBytes = sent;
    if (!tunnel) this.#countOutcome(record);
    this.#deps.onDone(record, tunnel);
  }

  /** For the detection of targets that answer worse than others. A client that left says nothing about them. */
  #countOutcome({ groupArn, target, targetStatus, elbStatus }: ExchangeRecord): void {
    if (groupArn === undefined || !target || elbStatus === 460) return;
    this.#deps.anomalies.count(groupArn, target.key, (targetStatus ?? elbStatus) >= 500);
  }

  #choose(group: GroupRoute): TargetRoute | undefined {
    const { workload, anomalies, switches, clock, random } = this.#deps;
    const { webSocketsOutstanding } = switches;
    return chooseTarget(group, {
      ...{ random, nowMs: clock.nowMs(), turn: workload.nextTurn(group.arn) },
      outstanding: (key: TargetKey) =>
        workload.outstanding(key) - (webSocketsOutstanding ? 0 : workload.webSockets(key)),
      weight: (key: TargetKey) => anomalies.weight(group.arn, key),
    });
  }

  #forward(
    exchange: Exchange,
    record: ExchangeRecord,
    listener: ListenerRoute,
    decision: ForwardDecision,
    alone: boolean,
  ): void {
    const { workload, pool, clock, affinity } = this.#deps;
    const { group } = decision;
    const head = rewrittenHead(exchange.head, decision.transform, record);
    if (!head) {
      this.#answerError(exchange, record, listener, 500);
      return;
    }
    record.groupArn = group?.arn;
    const kept = group && affinity.target(group, exchange);
    const target = kept ?? (group && this.#choose(group));
    if (!group || !target) {
      this.#answerError(exchange, record, listener, 503);
      return;
    }
    record.target = target;
    record.failOpen = group.failOpen;
    record.nonSticky = group.stickiness !== undefined && !kept;
    record.webSocket = exchange.upgrade !== undefined;
    this.#deps.onRouted(record);

    const { client } = exchange;
    const task: ForwardTask = {
      ...{ exchange, record, listener, target, path: head.target, alone },
      headers: requestHeaders(head, {
        settings: listener.loadBalancer,
        peerAddress: client.peerAddress,
        peerPort: client.peerPort,
        listenerPort: client.port,
        tls: client.tls,
        trace: record.trace,
        webSocket: exchange.upgrade !== undefined,
        bodyFollows: !exchange.bodyComplete(),
        keepAlive: !alone,
      }),
      fail: (status) => this.#answerError(exchange, record, listener, status),
      setCookies: (status, rawHeaders) =>
        affinity.cookies({
          ...{ action: decision.action, group, target, exchange, status, rawHeaders },
          kept: kept !== undefined,
        }),
    };
    const { upgrade } = exchange;
    let cut: () => void = () => {};
    let tunnelled = false;
    const work = workload.begin(target.key, {
      cut: (cause) => {
        if (tunnelled && cause === "deadline" && this.#deps.switches.drainDeadlineClose === "RST") {
          resetConnection(client.socket);
        } else cut();
      },
    });
    if (!upgrade) {
      exchange.onClosed(work.end);
      cut = forward(task, pool, clock);
      return;
    }
    exchange.onClosed(() => {
      if (!tunnelled) work.end();
    });
    cut = forwardUpgrade(
      {
        ...task,
        upgrade,
        onTunnel: (tunnel) => {
          tunnelled = true;
          work.becomeWebSocket();
          this.#countOutcome(record);
          this.#deps.onTunnel(tunnel, record);
        },
        onTunnelClosed: (tunnel) => {
          work.end();
          this.#finish(exchange, record, tunnel);
        },
      },
      pool,
      clock,
    );
  }

  #answer(
    exchange: Exchange,
    record: ExchangeRecord,
    listener: ListenerRoute,
    decision: Exclude<Decision, { kind: "forward" }>,
  ): void {
    const { head, body, redirectUrl } = ownAnswer(decision, factsOf(exchange), listener);
    record.redirectUrl = redirectUrl;
    record.elbStatus = head.status;
    const close = this.#deps.clock.nowMs() >= exchange.client.keepAliveUntilMs;
    exchange.respond({ ...head, close }).end(body);
  }

  #answerError(exchange: Exchange, record: ExchangeRecord, listener: ListenerRoute, status: number): void {
    // The exchange is over, or the client is gone: an answer would go nowhere.
    if (record.endedAtMs > 0 || exchange.client.socket.destroyed) return;
    if (exchange.responded) {
      exchange.abort();
      return;
    }
    record.elbStatus = status;
    const close = endsConnection.has(status);
    const { head, body } = errorPage(status, { sendServer: listener.sendServerHeader, close });
    exchange.respond({ ...head, headers: [...head.headers, ...listener.responseHeaders] }).end(body);
  }
}
