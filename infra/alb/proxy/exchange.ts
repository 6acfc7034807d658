// One request and its response, whatever HTTP version the client speaks. Routing and forwarding know nothing else.

import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { ClientConnection } from "./client-connection.ts";

export interface RequestHead {
  readonly httpVersion: "0.9" | "1.0" | "1.1" | "2.0";
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** Host and port as sent: of an absolute target, `:authority` or the first Host; empty when there is none. */
  readonly authority: string;
  /** Name, value, name, value, without pseudo-headers. */
  readonly rawHeaders: readonly string[];
}

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value, without hop-by-hop headers. */
  readonly headers: readonly string[];
  /** The client's connection ends after this response. */
  readonly close?: boolean;
}

export interface Exchange {
  readonly client: ClientConnection;
  readonly head: RequestHead;
  readonly body: Readable;
  readonly startedAtMs: number;
  /** False while more of the request's body is to come. */
  bodyComplete(): boolean;
  readonly responded: boolean;
  /** The client's connection is to end after this exchange, whatever the response; nothing more is taken from it. */
  closeAfter(): void;
  /** Sends the head and gives the body's sink. Once only. Throws on characters that no header may carry. */
  respond(head: ResponseHead): Writable;
  /** Ends the exchange without a proper end: the client sees its connection or stream break. */
  abort(): void;
  /** `listener` runs once, when the response is out or the client has gone. */
  onClosed(listener: () => void): void;
  /** `listener` runs when the rest of the body cannot be understood, and nothing has been answered yet. */
  onBadBody(listener: () => void): void;
  /** Bytes from and to the client on account of this exchange. Final once closed. */
  bytes(): { received: number; sent: number };
  /** Present on a WebSocket upgrade. */
  readonly upgrade?: Upgrade;
}

export interface Upgrade {
  readonly socket: Socket;
  /** What the client sent behind its request, before it had an answer, and nobody has taken. */
  early: Buffer;
}

export const headerValue = (rawHeaders: readonly string[], lowerName: string): string | undefined => {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === lowerName) return rawHeaders[i + 1];
  }
  return undefined;
};
