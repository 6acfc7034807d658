// The control port: the ELBv2 API, metrics, the console and a health page, for this machine only, or for the network of a container.
// Refuses what a web page on another site could make a browser send: foreign Host or Origin, and calls by GET.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PageAnswer } from "../console/console.ts";
import { limits } from "../limits.ts";
import type { CloudWatchApi } from "../telemetry/cloudwatch/api.ts";
import { type AcmApi, acmTarget } from "./acm/api.ts";
import type { ControlApi } from "./api.ts";

export interface ControlServerDependencies {
  readonly api: ControlApi;
  readonly acm: AcmApi;
  readonly cloudWatch: CloudWatchApi;
  /** Names besides this machine's own by which it may be called. */
  readonly names: readonly string[];
  /** PEM of the local CA, which clients must trust. */
  readonly ca: string;
  /** Text of `GET /metrics` and its content type. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** Answers a GET that is nothing of the above; undefined when it is not the console's either. */
  readonly console: (path: string, query: URLSearchParams) => Promise<PageAnswer | undefined>;
}

const localNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

export class ControlServer {
  readonly #server: Server;
  readonly #deps: ControlServerDependencies;
  readonly #names: ReadonlySet<string>;

  constructor(deps: ControlServerDependencies) {
    this.#deps = deps;
    this.#names = new Set([...localNames, ...deps.names]);
    this.#server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
      this.#serve(request, response).catch((error: Error) => {
        if (response.headersSent) response.destroy();
        else respond(response, 500, "text/plain", `cannot answer: ${error.message}\n`);
      });
    });
  }

  /** Port 0 lets the system choose. Rejects with Node's error when the port cannot be had. */
  async listen(port: number, host = "127.0.0.1"): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      // Stays: a failed accept (no file descriptors left) reports here as well, and costs only that connection.
      this.#server.on("error", reject);
      this.#server.listen({ host, port }, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = "", origin } = request.headers;
    // A page of this machine may be anybody's, served through the load balancer itself: only the console's own may ask.
    if (!this.#isOurs(host) || (origin !== undefined && origin !== `http://${host}`)) {
      return respond(response, 403, "text/plain", "The control port answers requests from this machine only.\n");
    }
    const [path = "", query = ""] = (request.url ?? "").split("?");
    if (request.method === "GET" && path === "/" && new URLSearchParams(query).has("Action")) {
      // An image or a link on any site can cause a GET, without an Origin; browsers tell by this header that it is them.
      if (request.headers["sec-fetch-site"] === undefined) return this.#answer(query, response);
      return respond(response, 403, "text/plain", "Browsers call the API by POST only.\n");
    }
    switch (`${request.method} ${path}`) {
      case "POST /":
        return this.#api(request, path, response);
      case "GET /healthz":
        return respond(response, 200, "text/plain", "ok\n");
      case "GET /ca.pem":
        return respond(response, 200, "application/x-pem-file", this.#deps.ca);
      case "GET /metrics": {
        const { contentType, body } = await this.#deps.metrics();
        return respond(response, 200, contentType, body);
      }
      default: {
        if (request.method === "POST" && path.startsWith("/service/")) return this.#api(request, path, response);
        const page = request.method === "GET" && (await this.#deps.console(path, new URLSearchParams(query)));
        if (page) return respond(response, 200, page.contentType, page.body, page.headers);
        const here = "GET / (console), POST / (ELBv2, ACM and CloudWatch API), GET /healthz, GET /metrics, GET /ca.pem";
        return respond(response, 404, "text/plain", `Here are: ${here}\n`);
      }
    }
  }

  /** Whether the authority of a Host header is a name of ours. */
  #isOurs(authority: string): boolean {
    return this.#names.has(authority.toLowerCase().replace(/:\d+$/, ""));
  }

  async #api(request: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
    const bytes = await readBody(request);
    if (bytes === undefined) {
      response.setHeader("Connection", "close");
      return respond(response, 413, "text/plain", `The body is longer than ${limits.maxControlBodyBytes} bytes\n`);
    }
    const measured = this.#deps.cloudWatch.answer({ path, headers: request.headers, body: bytes });
    if (measured) {
      response.writeHead(measured.status, { ...measured.headers, "Content-Length": measured.body.length });
      response.end(measured.body);
      return;
    }
    if (path !== "/") return respond(response, 404, "text/plain", "There is no such service here.\n");
    const body = bytes.toString("utf8");
    const target = request.headers["x-amz-target"];
    if (typeof target === "string" && target.startsWith(acmTarget)) {
      const answer = await this.#deps.acm.answer(target, body);
      response.setHeader("x-amzn-RequestId", answer.requestId);
      return respond(response, answer.status, answer.contentType, answer.body);
    }
    return this.#answer(body, response);
  }

  async #answer(call: string, response: ServerResponse): Promise<void> {
    const answer = await this.#deps.api.answer(call);
    response.setHeader("x-amzn-RequestId", answer.requestId);
    respond(response, answer.status, "text/xml", answer.xml);
  }
}

function respond(response: ServerResponse, status: number, contentType: string, body: string, more = {}): void {
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body), ...more });
  response.end(body);
}

/** Undefined when it is longer than allowed. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.maxControlBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
