// The HTTP side of a server: health, metrics, status, the hall of fame, and the client's files. Sockets are the gateway's.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { NO_REGIONS, regionSources } from "./regions.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import type { FileHandler } from "./static-files.ts";

/** Longer than the load balancer keeps an idle connection (60 s): it must never reuse one that is being closed, milliseconds. */
export const KEEP_ALIVE_MS = 75_000;
const HEADERS_TIMEOUT_MS = 80_000;
const REQUEST_TIMEOUT_MS = 85_000;

/** What a route answers: JSON, text with its type, or nothing. `open`: pages of every origin may read it, and how long it took. */
export type Answer = { status: number; open?: true } & (
  | { json: unknown }
  | { text: string; type: string }
  | { empty: true }
);

export type Route = (request: IncomingMessage) => Answer | Promise<Answer>;

export type Routes = Readonly<Record<string, Route>>;

/** Not listening yet. `routes` are GET (and HEAD) by exact path. Pages may connect to all `regions`. */
export function createHttpServer(routes: Routes, files: FileHandler | undefined, regions = NO_REGIONS): Server {
  const elsewhere = regionSources(regions);
  const server = createServer((request, response) => {
    setSecurityHeaders(response, request.headers.host, elsewhere);
    const route = routes[pathOf(request)];
    if (route) void answerRoute(route, request, response);
    else if (request.method !== "GET" && request.method !== "HEAD") send(response, request, methodNotAllowed);
    else if (files) files(request, response, () => send(response, request, notFound));
    else send(response, request, notFound);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

const OPEN_HEADERS = ["Access-Control-Allow-Origin", "Timing-Allow-Origin"];

const notFound: Answer = { status: 404, text: "Not found\n", type: "text/plain" };
const methodNotAllowed: Answer = { status: 405, text: "Method not allowed\n", type: "text/plain" };
const failed: Answer = { status: 500, json: { error: "internal" } };

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

async function answerRoute(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, request, methodNotAllowed);
  let answer: Answer;
  try {
    answer = await route(request);
  } catch {
    // Routes only read; what they could not read is not for outsiders.
    answer = failed;
  }
  send(response, request, answer);
}

function send(response: ServerResponse, request: IncomingMessage, answer: Answer): void {
  response.statusCode = answer.status;
  response.setHeader("Cache-Control", "no-store");
  if (answer.open) for (const name of OPEN_HEADERS) response.setHeader(name, "*");
  if ("empty" in answer) return void response.end();
  const body = "json" in answer ? JSON.stringify(answer.json) : answer.text;
  response.setHeader(
    "Content-Type",
    "json" in answer ? "application/json; charset=utf-8" : `${answer.type}; charset=utf-8`,
  );
  response.setHeader("Content-Length", Buffer.byteLength(body));
  if (answer.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  if (answer.status === 405) response.setHeader("Allow", "GET, HEAD");
  response.end(request.method === "HEAD" ? undefined : body);
}
