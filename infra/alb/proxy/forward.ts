// Carries one ordinary request to its target and the response back, streaming both ways.

import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { withCookies } from "../routing/sticky-cookies.ts";
import type { ListenerRoute, TargetRoute } from "../routing/table.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeRecord } from "./record.ts";
import { responseHeaders } from "./response-headers.ts";
import { ConnectTimeout, type TargetPool, TooManyConnections } from "./target-pool.ts";

export interface ForwardTask {
  readonly exchange: Exchange;
  readonly record: ExchangeRecord;
  readonly listener: ListenerRoute;
  readonly target: TargetRoute;
  /** Path and query as the target is to see them. */
  readonly path: string;
  /** It shares its connection to the target with no other request. */
  readonly alone: boolean;
  /** Headers for the target, in their final form. */
  readonly headers: readonly string[];
  /** Answers with an error page, or breaks off when the response has begun. */
  readonly fail: (status: number) => void;
  /** Values of Set-Cookie to add to the target's response of that status. */
  readonly setCookies: (status: number, rawHeaders: readonly string[]) => readonly string[];
}

/** Returns how to end it at the deregistration deadline. */
export function forward(task: ForwardTask, pool: TargetPool, clock: Clock): () => void {
  const { exchange, target, listener, fail } = task;
  const { idleTimeoutMs } = listener.loadBalancer;
  const agent = task.alone ? pool.agentForOne(target, idleTimeoutMs) : pool.agent(target, idleTimeoutMs);
  const request = sendRequest(task, { agent });
  if (!request) return () => {};

  const onSilent = () => giveUp(exchange.bodyComplete() || exchange.responded ? 504 : 408);
  let givenUp = false;
  const giveUp = (status: number) => {
    givenUp = true;
    fail(status);
    request.destroy();
  };
  request.once("socket", (socket: Socket) => {
    socket.on("timeout", onSilent);
    request.once("close", () => socket.off("timeout", onSilent));
  });
  request.once("finish", () => {
    task.record.dispatchedAtMs ??= clock.nowMs();
  });
  request.on("response", (response) => relayResponse(task, response, clock));
  // Nobody asked for an upgrade.
  request.on("upgrade", () => giveUp(502));
  request.on("error", (error) => {
    // After giving up it is our own doing, and the answer may still wait behind others.
    if (!givenUp) fail(statusOf(error, task.record));
  });
  exchange.onClosed(() => request.destroy());
  exchange.onBadBody(() => giveUp(400));
  exchange.body.on("error", () => request.destroy());
  exchange.body.pipe(request);
  return () => giveUp(502);
}

/** Undefined when the request cannot be written as HTTP/1.1: then the client has its answer already. */
export function sendRequest(
  task: ForwardTask,
  route: { readonly agent: Agent } | { readonly createConnection: () => Socket },
): ClientRequest | undefined {
  const { exchange, target, path, headers, fail } = task;
  try {
    const request = httpRequest({
      ...route,
      host: target.id,
      port: target.port,
      method: exchange.head.method,
      path,
      headers: headers as string[],
      maxHeaderSize: limits.maxResponseHeadBytes,
    });
    request.maxHeadersCount = 0;
    return request;
  } catch (error) {
    // Else a method, path or header that Node's writer refuses: the client sent it, so it is the client's fault.
    fail(error instanceof TooManyConnections ? 503 : 400);
    return undefined;
  }
}

export function relayResponse(task: ForwardTask, response: IncomingMessage, clock: Clock): void {
  const { exchange, record, listener, fail } = task;
  record.respondedAtMs = clock.nowMs();
  record.dispatchedAtMs ??= record.respondedAtMs;
  record.targetStatus = response.statusCode ?? 0;
  const cookies = task.setCookies(record.targetStatus, response.rawHeaders);
  const headers = withCookies(responseHeaders(response.rawHeaders, listener), cookies);
  response.on("error", () => fail(502));
  // A 101 that switches to nothing: with its Upgrade header it would not come here.
  if (record.targetStatus < 200) {
    response.destroy();
    fail(502);
    return;
  }
  try {
    const sink = exchange.respond({
      status: record.targetStatus,
      reason: response.statusMessage ?? "",
      headers,
      close: clock.nowMs() >= exchange.client.keepAliveUntilMs,
    });
    record.elbStatus = record.targetStatus;
    response.pipe(sink);
  } catch {
    // Characters that HTTP does not allow in a header.
    response.destroy();
    fail(502);
  }
}

/** AWS's status for each way in which a target can fail. */
export function statusOf(error: Error, record: ExchangeRecord): number {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof TooManyConnections) return 503;
  const timedOut = error instanceof ConnectTimeout || code === "ETIMEDOUT";
  record.connectFailed = timedOut || syscall === "connect";
  return timedOut ? 504 : 502;
}
