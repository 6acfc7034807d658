// A WebSocket: the handshake goes to the chosen target; after its 101 both sockets are a tunnel for life.
// Any other answer is an ordinary response.

import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { withCookies } from "../routing/sticky-cookies.ts";
import type { Upgrade } from "./exchange.ts";
import { type ForwardTask, relayResponse, sendRequest, statusOf } from "./forward.ts";
import type { TargetPool } from "./target-pool.ts";
import { openTunnel, type Tunnel } from "./tunnel.ts";

export interface UpgradeTask extends ForwardTask {
  readonly upgrade: Upgrade;
  /** The tunnel stands. */
  readonly onTunnel: (tunnel: Tunnel) => void;
  /** Both its ends are gone. */
  readonly onTunnelClosed: (tunnel: Tunnel) => void;
}

/** Returns how to end handshake or tunnel at the deregistration deadline. */
export function forwardUpgrade(task: UpgradeTask, pool: TargetPool, clock: Clock): () => void {
  const { exchange, record, target } = task;
  let cut = () => {
    fail(502);
    request?.destroy();
  };
  const request = sendRequest(task, { createConnection: () => pool.connect(target) });
  if (!request) return () => {};

  const { socket: client } = task.upgrade;
  const early = collectEarly(client, task.upgrade.early);
  const previousIdle = exchange.client.onIdle;
  let steppedBack = false;
  /** It stays an ordinary exchange: what the client sent early is its next request. */
  const stepBack = () => {
    if (steppedBack) return;
    steppedBack = true;
    client.pause();
    task.upgrade.early = early();
    exchange.client.onIdle = previousIdle;
    client.off("end", onClientGone);
    client.off("close", onClientGone);
  };
  const fail = (status: number) => {
    stepBack();
    task.fail(status);
  };
  const onClientGone = () => {
    request.destroy();
    client.destroy();
  };
  exchange.client.onIdle = () => {
    fail(504);
    request.destroy();
  };
  client.once("end", onClientGone);
  client.once("close", onClientGone);
  request.on("upgrade", (response, socket: Socket, head) => {
    client.off("end", onClientGone);
    client.off("close", onClientGone);
    record.respondedAtMs = clock.nowMs();
    record.dispatchedAtMs ??= record.respondedAtMs;
    record.targetStatus = 101;
    record.elbStatus = 101;
    const headers = withCookies(response.rawHeaders, task.setCookies(101, response.rawHeaders));
    client.write(switchingHead(response.statusMessage ?? "", headers), "latin1");
    socket.unshift(head);
    client.unshift(early());
    const tunnel = openTunnel(client, socket, clock, () => task.onTunnelClosed(tunnel));
    exchange.client.onIdle = tunnel.cut;
    cut = tunnel.cut;
    task.onTunnel(tunnel);
  });
  request.on("response", (response) => {
    stepBack();
    // The client may leave before all of it has come; nobody else ends this connection.
    exchange.onClosed(() => request.destroy());
    relayResponse(task, response, clock);
  });
  request.once("finish", () => {
    record.dispatchedAtMs ??= clock.nowMs();
  });
  request.on("error", (error) => fail(statusOf(error, record)));
  request.end();
  return () => cut();
}

/** Reads on during the handshake, so that the client's end is noticed, up to the limit. The result stops it. */
function collectEarly(client: Socket, first: Buffer): () => Buffer {
  const chunks = [first];
  let bytes = first.length;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= limits.maxEarlyBytes) client.pause();
  };
  client.on("data", onData);
  return () => {
    client.off("data", onData);
    return Buffer.concat(chunks);
  };
}

/** The target's own 101, line by line, with the cookies of stickiness. */
function switchingHead(reason: string, rawHeaders: readonly string[]): string {
  let head = `HTTP/1.1 101 ${reason}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  return `${head}\r\n`;
}
