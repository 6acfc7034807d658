// HTTP/1 from clients: Node's strict parser in front, exchanges behind. Decides nothing about routing.

import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { ClientConnection } from "./client-connection.ts";
import { errorPage, rawErrorPage } from "./error-page.ts";
import { type Exchange, headerValue, type Upgrade } from "./exchange.ts";
import { announcesBody, Http1Exchange } from "./http1-exchange.ts";
import { closeGently } from "./tunnel.ts";

export interface Http1Handlers {
  readonly clock: Clock;
  readonly connectionOf: (socket: Socket) => ClientConnection | undefined;
  readonly onExchange: (exchange: Exchange) => void;
  /** Bytes that are not a request: the client got `status`. */
  readonly onBadRequest: (client: ClientConnection, status: number) => void;
}

/** What is under way on one connection. */
interface Serving {
  readonly client: ClientConnection;
  readonly open: Set<Http1Exchange>;
  /** What has to wait until every response is out: the connection is no longer the parser's. */
  whenQuiet: (() => void) | undefined;
}

/** Not listening by itself: sockets are handed to it by `emit("connection")`. */
export function createHttp1Front(handlers: Http1Handlers): Server {
  const { clock } = handlers;
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

  const servings = new WeakMap<Socket, Serving>();
  const servingOf = (socket: Socket): Serving | undefined => {
    const client = handlers.connectionOf(socket);
    const known = servings.get(socket);
    if (known || !client) return known;
    const made: Serving = { client, open: new Set(), whenQuiet: undefined };
    servings.set(socket, made);
    // Node ends like this after a last response. At once would reset the connection, and with it what was just sent.
    socket.destroySoon = () => closeGently(socket, clock);
    socket.once("close", () => {
      for (const each of made.open) each.end();
    });
    return made;
  };

  const take = (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => {
    const serving = servingOf(request.socket);
    if (!serving) {
      request.socket.destroy();
      return undefined;
    }
    // It came behind a request with which the connection ends, and nobody will answer it.
    if (serving.client.ending) return undefined;
    const exchange = new Http1Exchange(serving.client, request, response, clock, upgrade);
    serving.open.add(exchange);
    if (serving.open.size >= limits.maxPipelinedRequests) exchange.closeAfter();
    handlers.onExchange(exchange);
    return exchange;
  };
  const conclude = (exchange: Http1Exchange) => {
    exchange.end();
    const serving = servings.get(exchange.client.socket);
    serving?.open.delete(exchange);
    if (!serving || serving.open.size > 0) return;
    const next = serving.whenQuiet;
    serving.whenQuiet = undefined;
    if (!exchange.client.socket.writableEnded) next?.();
  };
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (request.httpVersion === "2.0") return refuseVersion(request, response);
    const exchange = take(request, response);
    if (exchange) response.once("close", () => conclude(exchange));
  };
  server.on("request", serve);
  server.on("checkContinue", (request, response) => {
    response.writeContinue();
    serve(request, response);
  });
  server.on("checkExpectation", serve);
  server.on("upgrade", (request, socket: Socket, early) => whenQuiet(socket, () => upgrade(request, socket, early)));
  server.on("connect", (_request, socket: Socket) => whenQuiet(socket, () => refuse(socket, 405)));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const serving = servingOf(socket);
    if (!serving || error.code === "ECONNRESET" || socket.destroyed) {
      socket.destroy();
      return;
    }
    // Behind the last request of the connection anything may stand.
    if (serving.client.ending || error.code === "HPE_CLOSED_CONNECTION") return;
    serving.client.ending = true;
    const broken = [...serving.open].find((each) => !each.bodyComplete());
    if (broken) broken.breakBody();
    else whenQuiet(socket, () => refuse(socket, 400));
  });

  /** Node has let go of the socket, but responses to earlier requests may have to go out first. */
  const whenQuiet = (socket: Socket, next: () => void) => {
    const serving = servingOf(socket);
    if (!serving) {
      socket.destroy();
      return;
    }
    if (serving.open.size === 0) {
      next();
      return;
    }
    const onDrain = () => {
      for (const each of serving.open) each.drained();
    };
    socket.on("drain", onDrain);
    serving.whenQuiet = () => {
      socket.off("drain", onDrain);
      next();
    };
  };

  const upgrade = (request: IncomingMessage, socket: Socket, early: Buffer) => {
    // The response that ends the connection may still hold the socket.
    if (handlers.connectionOf(socket)?.ending) return;
    if (!isWebSocket(request)) {
      proceedWithoutUpgrade(server, request, socket, early);
      return;
    }
    if (announcesBody(request.rawHeaders)) {
      refuse(socket, 400);
      return;
    }
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    const wish: Upgrade = { socket, early };
    const exchange = take(request, response, wish);
    if (!exchange) return;
    const onDrain = () => exchange.drained();
    socket.on("drain", onDrain);
    exchange.onClosed(() => socket.off("drain", onDrain));
    // An ordinary response after all: the connection goes back to the parser, with what came meanwhile.
    response.once("finish", () => {
      response.detachSocket(socket);
      if (exchange.client.ending) {
        closeGently(socket, clock);
        return;
      }
      conclude(exchange);
      if (wish.early.length > 0) socket.unshift(wish.early);
      server.emit("connection", socket);
      socket.resume();
    });
  };

  const refuse = (socket: Socket, status: number) => {
    const client = handlers.connectionOf(socket);
    if (!client || !socket.writable) {
      socket.destroy();
      return;
    }
    client.ending = true;
    handlers.onBadRequest(client, status);
    socket.write(rawErrorPage(status, new Date(clock.nowMs())));
    closeGently(socket, clock);
  };

  const refuseVersion = (request: IncomingMessage, response: ServerResponse) => {
    const client = handlers.connectionOf(request.socket);
    if (!client || client.ending) return;
    client.ending = true;
    handlers.onBadRequest(client, 505);
    const { head, body } = errorPage(505, { sendServer: true });
    response.writeHead(head.status, head.reason, [...head.headers, "Connection", "close"]).end(body);
  };
  return server;
}

/** Part of a request lies in the parser. Ends the parser's work: only for a connection that is to be closed. */
export function hasHalfRequest(socket: Socket): boolean {
  // Node shows its parser on the socket, undocumented; without it a half request is closed without a word.
  const { parser } = socket as { parser?: { finish(): unknown } | null };
  return parser?.finish() instanceof Error;
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
