// HTTP/2 from clients: each stream is one exchange, forwarded as HTTP/1.1. Extended CONNECT is never offered, so browsers
// open their WebSockets over HTTP/1.1, as with a real ALB.

import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from "node:http2";
import { type Readable, Transform, type Writable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { type ClientConnection, endIfStalled } from "./client-connection.ts";
import type { Exchange, RequestHead, ResponseHead } from "./exchange.ts";

export interface Http2Handlers {
  readonly clock: Clock;
  readonly onExchange: (exchange: Exchange) => void;
}

export function serveHttp2(socket: TLSSocket, client: ClientConnection, handlers: Http2Handlers): void {
  const session = performServerHandshake(socket, {
    maxHeaderListPairs: 1_000,
    settings: {
      enableConnectProtocol: false,
      enablePush: false,
      maxConcurrentStreams: limits.maxHttp2Streams,
      maxHeaderListSize: limits.maxRequestHeadBytes,
    },
  });
  let requests = 0;
  // A broken session closes its streams and its socket: each exchange hears of that by itself.
  session.on("error", () => socket.destroy());
  session.on(
    "stream",
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      const old = handlers.clock.nowMs() >= client.keepAliveUntilMs;
      handlers.onExchange(new Http2Exchange(client, stream, headers, rawHeaders, handlers.clock));
      // GOAWAY; what is under way goes on.
      if (++requests >= limits.maxHttp2RequestsPerConnection || old) session.close();
    },
  );
  client.onIdle = () => {
    if (client.openExchanges > 0) {
      endIfStalled(client, handlers.clock);
      return;
    }
    session.close();
    // A peer that never ends its half would hold the connection for ever.
    handlers.clock.after(limits.lingerMs, () => socket.destroy());
  };
}

class Http2Exchange implements Exchange {
  readonly client: ClientConnection;
  readonly head: RequestHead;
  readonly body: Readable;
  readonly startedAtMs: number;
  readonly #stream: ServerHttp2Stream;
  #received: number;
  #sent = 0;

  constructor(
    client: ClientConnection,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    clock: Clock,
  ) {
    this.client = client;
    this.#stream = stream;
    this.head = requestHead(headers, rawHeaders);
    this.body = stream;
    this.startedAtMs = clock.nowMs();
    this.#received = textBytes(rawHeaders);
    stream.on("data", (chunk: Buffer) => {
      this.#received += chunk.length;
    });
    // Shows as the close of the stream as well.
    stream.on("error", () => {});
    client.openExchanges++;
    this.onClosed(() => {
      client.openExchanges--;
    });
  }

  bodyComplete(): boolean {
    return this.#stream.endAfterHeaders || this.#stream.readableEnded;
  }

  get responded(): boolean {
    return this.#stream.headersSent;
  }

  respond({ status, headers, close }: ResponseHead): Writable {
    // Without a prototype: a header may be called `constructor`.
    const fields: Record<string, string | string[]> = Object.create(null);
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i]!.toLowerCase();
      const value = headers[i + 1]!;
      const before = fields[name];
      fields[name] = before === undefined ? value : [before, value].flat();
    }
    this.#sent += textBytes(headers);
    if (this.#stream.destroyed || this.#stream.closed)
      return new Transform({ transform: (_chunk, _encoding, done) => done() });
    const bodyless = this.head.method === "HEAD" || status === 204 || status === 304;
    this.#stream.respond({ ...fields, ":status": status }, { endStream: bodyless });
    if (close) this.#stream.session?.close();
    this.#stream.once("finish", () => this.#endUpload());
    const sink = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#sent += chunk.length;
        done(null, bodyless ? undefined : chunk);
      },
    });
    if (bodyless) sink.resume();
    else sink.pipe(this.#stream);
    return sink;
  }

  /** The response is out: what is left of the request's body is asked for no more (RFC 9113, 8.1), else the stream would stay. */
  #endUpload(): void {
    if (this.bodyComplete() || this.#stream.destroyed) return;
    this.#stream.unpipe();
    this.#stream.resume();
    this.#stream.close(constants.NGHTTP2_NO_ERROR);
  }

  abort(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  /** Frames carry the bodies of HTTP/2: none of what makes a request ambiguous exists there. */
  closeAfter(): void {}

  onBadBody(_listener: () => void): void {}

  onClosed(listener: () => void): void {
    this.#stream.once("close", listener);
  }

  bytes(): { received: number; sent: number } {
    return { received: this.#received, sent: this.#sent };
  }
}

function requestHead(headers: IncomingHttpHeaders, raw: readonly string[]): RequestHead {
  const rawHeaders: string[] = [];
  const cookies: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    if (name.startsWith(":")) continue;
    // HTTP/2 clients may split Cookie; HTTP/1.1 has one.
    if (name === "cookie") cookies.push(raw[i + 1]!);
    else rawHeaders.push(name, raw[i + 1]!);
  }
  if (cookies.length > 0) rawHeaders.push("cookie", cookies.join("; "));
  return {
    httpVersion: "2.0",
    method: String(headers[":method"] ?? "GET"),
    target: String(headers[":path"] ?? "/"),
    authority: String(headers[":authority"] ?? headers.host ?? ""),
    rawHeaders,
  };
}

const textBytes = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);
