// One line of AWS's access log: 34 fields, parted by spaces. Pure.

import { plainAddress, withPort } from "../proxy/client-connection.ts";
import { headerValue } from "../proxy/exchange.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import type { RefusedRequest } from "../proxy/refused-request.ts";
import { timestamp } from "./timestamp.ts";

const none = "-";

export function accessLogLine(record: ExchangeRecord): string {
  const { client, exchange, target, dispatchedAtMs, respondedAtMs } = record;
  const { head, startedAtMs } = exchange;
  const targetAddress = target ? withPort(target.id, target.port) : none;
  const targetStatus = record.targetStatus === undefined ? none : String(record.targetStatus);
  const answered = dispatchedAtMs !== undefined && respondedAtMs !== undefined;
  const userAgent = headerValue(head.rawHeaders, "user-agent");
  return [
    typeOf(record),
    timestamp(record.endedAtMs),
    client.listener.loadBalancer.name,
    withPort(client.peerAddress, client.peerPort),
    targetAddress,
    dispatchedAtMs === undefined ? "-1" : seconds(dispatchedAtMs - startedAtMs),
    answered ? seconds(respondedAtMs - dispatchedAtMs) : "-1",
    // A tunnel's life is no part of its response.
    answered ? seconds(record.elbStatus === 101 ? 0 : record.endedAtMs - respondedAtMs) : "-1",
    String(record.elbStatus),
    targetStatus,
    String(record.receivedBytes),
    String(record.sentBytes),
    quoted(`${head.method} ${requestUrl(record)} HTTP/${head.httpVersion}`),
    quoted(userAgent),
    client.tls?.cipher ?? none,
    client.tls?.protocol ?? none,
    record.groupArn ?? none,
    quoted(record.trace.split(";").find((field) => field.startsWith("Root="))),
    quoted(client.tls?.serverName),
    quoted(client.tls?.certificateArn),
    record.priority === undefined ? none : String(record.priority),
    timestamp(startedAtMs),
    quoted(record.transformStatus ? `rewrite,${record.action}` : record.action),
    quoted(record.redirectUrl),
    quoted(record.errorReason),
    quoted(targetAddress),
    quoted(targetStatus),
    quoted(record.classification),
    quoted(record.classificationReason),
    client.traceId,
    quoted(record.transformedHost),
    quoted(record.transformedUri),
    quoted(record.transformStatus),
    plainAddress(client.localAddress),
  ].join(" ");
}

/** The line of what was no request: AWS shows no bytes received, no method and no path. */
export function refusedLogLine({ client, status, startedAtMs, endedAtMs, sentBytes }: RefusedRequest): string {
  const { tls, listener } = client;
  const dashes = (count: number) => Array<string>(count).fill(quoted(undefined));
  return [
    tls ? "https" : "http",
    timestamp(endedAtMs),
    listener.loadBalancer.name,
    withPort(client.peerAddress, client.peerPort),
    ...[none, "-1", "-1", "-1", String(status), none, "0", String(sentBytes)],
    quoted(`- ${tls ? "https" : "http"}://${listener.loadBalancer.dnsName}:${client.port}- -`),
    ...[quoted(undefined), tls?.cipher ?? none, tls?.protocol ?? none, none, quoted(undefined)],
    ...[quoted(tls?.serverName), quoted(tls?.certificateArn), none, timestamp(startedAtMs)],
    ...dashes(7),
    client.traceId,
    ...dashes(3),
    plainAddress(client.localAddress),
  ].join(" ");
}

function typeOf({ client, exchange, elbStatus }: ExchangeRecord): string {
  if (elbStatus === 101) return client.tls ? "wss" : "ws";
  if (exchange.head.httpVersion === "2.0") return "h2";
  return client.tls ? "https" : "http";
}

function requestUrl({ client, exchange }: ExchangeRecord): string {
  const { authority, target } = exchange.head;
  const host = authority === "" ? client.listener.loadBalancer.dnsName : authority;
  const complete = /:\d+$/.test(host) ? host : `${host}:${client.port}`;
  return `${client.tls ? "https" : "http"}://${complete}${target}`;
}

const seconds = (ms: number) => Math.max(0, ms / 1000).toFixed(3);

/** What a client can put into a field can neither end the field nor the line. */
function quoted(text: string | undefined): string {
  if (text === undefined || text === "") return '"-"';
  const safe = text
    .slice(0, 8 * 1024)
    .replace(/[^\x20-\x7e]|["\\]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
  return `"${safe}"`;
}
