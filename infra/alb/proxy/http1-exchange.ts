// One HTTP/1 request and its response. The front says when it has ended.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import type { Clock } from "../clock.ts";
import type { ClientConnection } from "./client-connection.ts";
import { type Exchange, headerValue, type RequestHead, type ResponseHead, type Upgrade } from "./exchange.ts";

export class Http1Exchange implements Exchange {
  readonly client: ClientConnection;
  readonly head: RequestHead;
  readonly body: IncomingMessage;
  readonly startedAtMs: number;
  readonly upgrade?: Upgrade;
  readonly #response: ServerResponse;
  /** By its framing; the parser reports the end of even an empty body only after the head was handed out. */
  readonly #hasBody: boolean;
  readonly #onClosed: (() => void)[] = [];
  readonly #onBadBody: (() => void)[] = [];
  #closeAfter = false;
  #closed = false;
  #closedBytes: { received: number; sent: number } | undefined;

  constructor(
    client: ClientConnection,
    request: IncomingMessage,
    response: ServerResponse,
    clock: Clock,
    upgrade: Upgrade | undefined,
  ) {
    this.client = client;
    this.head = requestHead(request);
    this.body = request;
    this.startedAtMs = clock.nowMs();
    this.#response = response;
    this.#hasBody = !upgrade && announcesBody(request.rawHeaders);
    if (upgrade) {
      this.upgrade = upgrade;
      // Of ordinary requests Node's server knows it.
      this.#closeAfter = /\bclose\b/i.test(headerValue(request.rawHeaders, "connection") ?? "");
    }
    // The parser reports a broken request here as well as by the close of the response.
    request.on("error", () => {});
    response.on("error", () => {});
    client.openExchanges++;
  }

  bodyComplete(): boolean {
    return !this.#hasBody || this.body.complete;
  }

  get responded(): boolean {
    return this.#response.headersSent;
  }

  closeAfter(): void {
    this.#closeAfter = true;
    this.client.ending = true;
  }

  respond({ status, reason, headers, close }: ResponseHead): Writable {
    // What is left of the request's body would be taken for the next request.
    const ending = close || this.#closeAfter || !this.bodyComplete();
    if (ending) this.client.ending = true;
    const flat = ending ? [...headers, "Connection", "close"] : (headers as string[]);
    return this.#response.writeHead(status, reason, flat);
  }

  abort(): void {
    this.client.socket.destroy();
  }

  onClosed(listener: () => void): void {
    this.#onClosed.push(listener);
  }

  onBadBody(listener: () => void): void {
    this.#onBadBody.push(listener);
  }

  bytes(): { received: number; sent: number } {
    if (!this.#closedBytes) {
      const { socket, accounted } = this.client;
      this.#closedBytes = {
        received: Math.max(0, socket.bytesRead - accounted.read),
        sent: Math.max(0, socket.bytesWritten - accounted.written),
      };
      this.client.accounted = { read: socket.bytesRead, written: socket.bytesWritten };
    }
    return this.#closedBytes;
  }

  /** The response is out, or the client has gone. */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.client.openExchanges--;
    for (const each of this.#onClosed) each();
  }

  /** The body cannot be understood: what is left of it will not come. */
  breakBody(): void {
    if (this.responded) this.abort();
    else for (const each of this.#onBadBody) each();
  }

  /** The socket takes more. */
  drained(): void {
    this.#response.emit("drain");
  }
}

export const announcesBody = (rawHeaders: readonly string[]) =>
  headerValue(rawHeaders, "transfer-encoding") !== undefined ||
  Number(headerValue(rawHeaders, "content-length") ?? 0) > 0;

function requestHead(request: IncomingMessage): RequestHead {
  const url = request.url ?? "/";
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const rest = absolute ? (absolute[2] ?? "") : url;
  return {
    httpVersion: request.httpVersion as "0.9" | "1.0" | "1.1",
    method: request.method ?? "GET",
    target: rest.startsWith("/") || rest === "*" ? rest : `/${rest}`,
    authority: absolute?.[1] ?? headerValue(request.rawHeaders, "host") ?? "",
    rawHeaders: request.rawHeaders,
  };
}
