// HTTP/1 from clients: Node's strict parser in front, exchanges behind. Decides nothing about routing.

import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { ClientConnection } from "./client-connection.ts";
import { rawErrorPage } from "./error-page.ts";
import { type Exchange, headerValue, type RequestHead, type ResponseHead, type Upgrade } from "./exchange.ts";
import { closeGently } from "./tunnel.ts";

export interface Http1Handlers {
  readonly clock: Clock;
  readonly connectionOf: (socket: Socket) => ClientConnection | undefined;
  readonly onExchange: (exchange: Exchange) => void;
  /** Bytes that are not a request: the client got `status`. */
  readonly onBadRequest: (client: ClientConnection, status: number) => void;
}

/** Not listening by itself: sockets are handed to it by `emit("connection")`. */
export function createHttp1Front(handlers: Http1Handlers): Server {
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: limits.maxRequestHeadBytes,
    // A missing Host gets our page, and is allowed in HTTP/1.0.
    requireHostHeader: false,
    // Slow heads are the data plane's concern: Node watches only connections of a server that listens.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    noDelay: true,
  });
  // No silent dropping of headers: their bytes are bounded already.
  server.maxHeadersCount = 0;

  const take = (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => {
    const client = handlers.connectionOf(request.socket);
    if (client) handlers.onExchange(new Http1Exchange(client, request, response, handlers.clock, upgrade));
    else request.socket.destroy();
  };
  server.on("request", (request, response) => take(request, response));
  server.on("checkContinue", (request, response) => {
    response.writeContinue();
    take(request, response);
  });
  server.on("upgrade", (request, socket: Socket, early) => {
    // Pipelined behind a request without an answer: the two responses would share the socket.
    if ((handlers.connectionOf(socket)?.openExchanges ?? 1) > 0) {
      socket.destroy();
      return;
    }
    if (!isWebSocket(request)) return proceedWithoutUpgrade(server, request, socket, early);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => closeGently(socket, handlers.clock));
    // Errors show as the close of the socket, which the exchange listens to.
    socket.on("error", () => socket.destroy());
    take(request, response, { socket, early });
  });
  server.on("connect", (_request, socket: Socket) => refuse(socket, 405));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    refuse(socket, 400, error.code === "ECONNRESET");
  });

  const refuse = (socket: Socket, status: number, gone = false) => {
    const client = handlers.connectionOf(socket);
    if (gone || !socket.writable || !client || client.openExchanges > 0) {
      socket.destroy();
      return;
    }
    handlers.onBadRequest(client, status);
    socket.write(rawErrorPage(status, new Date(handlers.clock.nowMs())));
    closeGently(socket, handlers.clock);
  };
  return server;
}

function isWebSocket(request: IncomingMessage): boolean {
  return (
    request.method === "GET" &&
    request.httpVersion === "1.1" &&
    (headerValue(request.rawHeaders, "upgrade") ?? "").trim().toLowerCase() === "websocket"
  );
}

/** Gives the request back to the parser without its wish to upgrade, so that it is served as plain HTTP/1.1. */
function proceedWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket, early: Buffer): void {
  let head = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const lower = request.rawHeaders[i]!.toLowerCase();
    if (lower === "upgrade" || lower === "http2-settings") continue;
    const value = request.rawHeaders[i + 1]!;
    const kept =
      lower === "connection"
        ? value.split(",").filter((token) => !["upgrade", "http2-settings"].includes(token.trim().toLowerCase()))
        : [value];
    if (kept.length > 0) head += `${request.rawHeaders[i]}: ${kept.join(",").trim()}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${head}\r\n`, "latin1"), early]));
  server.emit("connection", socket);
}

class Http1Exchange implements Exchange {
  readonly client: ClientConnection;
  readonly head: RequestHead;
  readonly body: IncomingMessage;
  readonly startedAtMs: number;
  readonly upgrade?: Upgrade;
  readonly #response: ServerResponse;
  /** By its framing; the parser reports the end of even an empty body only after the head was handed out. */
  readonly #hasBody: boolean;
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
    this.#hasBody =
      !upgrade &&
      (headerValue(request.rawHeaders, "transfer-encoding") !== undefined ||
        Number(headerValue(request.rawHeaders, "content-length") ?? 0) > 0);
    if (upgrade) this.upgrade = upgrade;
    // The parser reports a broken request here as well as by the close of the response.
    request.on("error", () => {});
    response.on("error", () => {});
    client.openExchanges++;
    this.onClosed(() => {
      client.openExchanges--;
    });
  }

  bodyComplete(): boolean {
    return !this.#hasBody || this.body.complete;
  }

  get responded(): boolean {
    return this.#response.headersSent;
  }

  respond({ status, reason, headers, close }: ResponseHead): Writable {
    // What is left of the request's body would be taken for the next request.
    const ending = close || !this.bodyComplete() || this.upgrade !== undefined;
    const flat = ending ? [...headers, "Connection", "close"] : (headers as string[]);
    return this.#response.writeHead(status, reason, flat);
  }

  abort(): void {
    this.client.socket.destroy();
  }

  onClosed(listener: () => void): void {
    if (this.upgrade) this.upgrade.socket.once("close", listener);
    else this.#response.once("close", listener);
  }

  bytes(): { received: number; sent: number } {
    if (!this.#closedBytes) {
      const { socket, accounted } = this.client;
      this.#closedBytes = {
        received: socket.bytesRead - accounted.read,
        sent: socket.bytesWritten - accounted.written,
      };
      this.client.accounted = { read: socket.bytesRead, written: socket.bytesWritten };
    }
    return this.#closedBytes;
  }
}

function requestHead(request: IncomingMessage): RequestHead {
  const url = request.url ?? "/";
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const rest = absolute ? (absolute[2] ?? "") : url;
  return {
    httpVersion: request.httpVersion === "1.0" ? "1.0" : "1.1",
    method: request.method ?? "GET",
    target: rest.startsWith("/") || rest === "*" ? rest : `/${rest}`,
    authority: absolute?.[1] ?? headerValue(request.rawHeaders, "host") ?? "",
    rawHeaders: request.rawHeaders,
  };
}
