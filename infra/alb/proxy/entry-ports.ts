// The ports that clients connect to. Accepts, ends TLS, and hands each connection on to the front for its protocol.
// A port is opened before its listener exists and closed after it is gone; established connections are not its concern.

import { createServer, type Server, type Socket } from "node:net";
import {
  createServer as createTlsServer,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import { getExtensionData, readTlsClientHello } from "read-tls-client-hello";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { invalid } from "../model/errors.ts";
import type { Certificate } from "../model/types.ts";
import type { ListenerRoute, RoutingTable } from "../routing/table.ts";
import { plainOnTlsPage } from "./error-page.ts";
import type { TlsContexts } from "./tls-contexts.ts";

export interface AcceptedConnection {
  readonly socket: Socket;
  /** Set when TLS was ended here. */
  readonly tlsSocket: TLSSocket | undefined;
  readonly listener: ListenerRoute;
  readonly http2: boolean;
  /** How long the TLS handshake took; undefined without TLS. */
  readonly handshakeMs: number | undefined;
}

/** A client whose TLS handshake came to nothing. */
export interface FailedHandshake {
  readonly listener: ListenerRoute;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly tookMs: number;
}

export interface EntryPortDependencies {
  /** Addresses to listen on; one that the machine does not have is left out unless all are. */
  readonly bind: readonly string[];
  readonly clock: Clock;
  readonly table: () => RoutingTable;
  readonly contexts: TlsContexts;
  /** A TCP connection has come; false refuses it. */
  readonly admit: (socket: Socket, listener: ListenerRoute) => boolean;
  readonly onConnection: (accepted: AcceptedConnection) => void;
  readonly onHandshakeFailed: (failed: FailedHandshake) => void;
}

interface Port {
  readonly servers: readonly Server[];
  readonly tls: TlsServer;
  /** TLS servers for one choice of certificates each, where the name is read before. */
  readonly byName: WeakMap<SecureContextOptions, TlsServer>;
  /** What the TLS server is set to. */
  settings: { readonly certificate: Certificate | undefined; readonly policy: string | undefined };
  /** Opened for a listener that the table does not have yet. */
  reserved: boolean;
}

export class EntryPorts {
  readonly #deps: EntryPortDependencies;
  readonly #ports = new Map<number, Port>();
  /** When the TLS handshakes that are under way began, by the ends of their connections. */
  readonly #handshakes = new Map<string, number>();

  constructor(deps: EntryPortDependencies) {
    this.#deps = deps;
  }

  /** Listens on the port; refuses with a sentence when that is not possible. Call `follow` or `release` next. */
  async open(port: number): Promise<void> {
    const known = this.#ports.get(port);
    if (known) throw invalid(`address ${this.#deps.bind[0]}:${port} is in use by another listener`);
    const servers: Server[] = [];
    try {
      for (const address of this.#deps.bind) {
        const server = await this.#listen(address, port);
        if (server) servers.push(server);
      }
      if (servers.length === 0) throw invalid(`none of the addresses ${this.#deps.bind.join(", ")} exists here`);
    } catch (error) {
      for (const server of servers) server.close();
      throw error;
    }
    this.#ports.set(port, {
      servers,
      tls: this.#tlsServer(port),
      byName: new WeakMap(),
      settings: { certificate: undefined, policy: undefined },
      reserved: true,
    });
  }

  /** Gives up a port that was opened in vain. */
  release(port: number): void {
    const known = this.#ports.get(port);
    if (known?.reserved) this.#close(port, known);
  }

  /** Closes the ports that no listener has any more; sets TLS to what the listeners say. */
  follow(table: RoutingTable): void {
    for (const [port, entry] of this.#ports) {
      const listener = table.listeners.get(port);
      if (!listener) {
        if (!entry.reserved) this.#close(port, entry);
        continue;
      }
      entry.reserved = false;
      if (listener.protocol !== "HTTPS") continue;
      const { sslPolicy: policy, certificates } = listener;
      if (policy === entry.settings.policy && certificates[0] === entry.settings.certificate) continue;
      entry.settings = { policy, certificate: certificates[0] };
      entry.tls.setSecureContext(this.#deps.contexts.options(listener, undefined));
    }
  }

  close(): void {
    for (const [port, entry] of this.#ports) this.#close(port, entry);
  }

  #close(port: number, entry: Port): void {
    this.#ports.delete(port);
    for (const server of entry.servers) server.close();
  }

  #listen(address: string, port: number): Promise<Server | undefined> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket, port));
    return new Promise((resolve, reject) => {
      // Stays: a failed accept (no file descriptors left) reports here as well, and costs only that connection.
      server.on("error", (error: NodeJS.ErrnoException) => {
        const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
        if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve(undefined);
        else if (error.code === "EADDRINUSE") reject(invalid(`address ${where} is in use`));
        else reject(invalid(`cannot listen on ${where}: ${error.message}`));
      });
      server.listen({ host: address, port, backlog: 1024, ipv6Only: address.includes(":") }, () => resolve(server));
    });
  }

  #accept(socket: Socket, port: number): void {
    const listener = this.#deps.table().listeners.get(port);
    // Resets and the like show as the close of the socket.
    socket.on("error", () => {});
    if (!listener || !this.#deps.admit(socket, listener)) socket.destroy();
    else if (listener.protocol === "HTTPS") {
      this.#watchHandshake(socket, listener);
      if (this.#deps.contexts.mixed(listener)) void this.#shakeHandsByName(socket, port, listener);
      else this.#ports.get(port)?.tls.emit("connection", socket);
    } else this.#deps.onConnection({ socket, tlsSocket: undefined, listener, http2: false, handshakeMs: undefined });
  }

  #watchHandshake(socket: Socket, listener: ListenerRoute): void {
    const { clock, onHandshakeFailed } = this.#deps;
    const { remoteAddress: peerAddress = "-", remotePort: peerPort = 0 } = socket;
    const key = handshakeKey(socket);
    const sinceMs = clock.nowMs();
    this.#handshakes.set(key, sinceMs);
    socket.once("close", () => {
      const failed = this.#handshakes.delete(key);
      if (failed) onHandshakeFailed({ listener, peerAddress, peerPort, tookMs: clock.nowMs() - sinceMs });
    });
  }

  /**
   * Node's SNI callback adds a certificate to those of the server, it replaces only one of the same kind of key. Where
   * kinds are mixed, the name is read before TLS begins, and a server that has just the right ones takes over.
   */
  async #shakeHandsByName(socket: Socket, port: number, listener: ListenerRoute): Promise<void> {
    const { clock, contexts } = this.#deps;
    const late = clock.after(limits.clientHandshakeTimeoutMs, () => socket.destroy());
    // What is no hello of TLS is for the TLS server to refuse.
    const hello = await readTlsClientHello(socket).catch(() => undefined);
    late.cancel();
    const entry = this.#ports.get(port);
    if (!entry || socket.destroyed) return void socket.destroy();
    const options = contexts.options(listener, hello && getExtensionData(hello, "sni")?.serverName);
    const server = entry.byName.get(options) ?? this.#tlsServer(port, options);
    entry.byName.set(options, server);
    server.emit("connection", socket);
  }

  /** With `options` there is no choice by name any more. */
  #tlsServer(port: number, options?: SecureContextOptions): TlsServer {
    const { clock, contexts, table } = this.#deps;
    const current = () => table().listeners.get(port);
    const server = createTlsServer({
      allowHalfOpen: true,
      handshakeTimeout: limits.clientHandshakeTimeoutMs,
      ...(options ?? {
        SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) => {
          const listener = current();
          done(null, listener && contexts.context(listener, name));
        },
      }),
      ALPNCallback: ({ protocols }) => {
        const offered = current()?.loadBalancer.http2 ? ["h2", "http/1.1"] : ["http/1.1"];
        return offered.find((each) => protocols.includes(each));
      },
    });
    server.on("secureConnection", (tlsSocket) => {
      const listener = current();
      tlsSocket.on("error", () => {});
      if (!listener) tlsSocket.destroy();
      else {
        const http2 = tlsSocket.alpnProtocol === "h2";
        const key = handshakeKey(tlsSocket);
        const nowMs = this.#deps.clock.nowMs();
        const handshakeMs = nowMs - (this.#handshakes.get(key) ?? nowMs);
        this.#handshakes.delete(key);
        this.#deps.onConnection({ socket: tlsSocket, tlsSocket, listener, http2, handshakeMs });
      }
    });
    server.on("tlsClientError", (error: NodeJS.ErrnoException, tlsSocket) => {
      if (error.code === "ERR_SSL_HTTP_REQUEST") answerInPlain(tlsSocket, clock);
      tlsSocket.destroy();
    });
    return server;
  }
}

/** Somebody speaks HTTP where TLS is spoken: told so in plain words, as nginx does. */
function answerInPlain(tlsSocket: TLSSocket, clock: Clock): void {
  // Node keeps the TCP socket below TLS here, undocumented; without it the connection closes without a word.
  const { _parent: socket } = tlsSocket as { _parent?: Socket };
  socket?.end(plainOnTlsPage(new Date(clock.nowMs())));
}

/** Equal for a TLS socket and the TCP socket below it. */
const handshakeKey = ({ localAddress, localPort, remoteAddress, remotePort }: Socket) =>
  `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
