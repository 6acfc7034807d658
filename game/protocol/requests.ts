// What comes from the other side as JSON, checked field by field. Unknown fields are left out: a newer side may say more than this one knows.

import type { RefusalCode } from "./errors.ts";
import {
  BUILD_MAX_UNITS,
  MOVE_DELAY_MAX_MS,
  PROTOCOL_OLDEST,
  PROTOCOL_VERSION,
  TICKET_MAX_UNITS,
  TOKEN_MAX_UNITS,
} from "./limits.ts";
import type { Hello, JoinRequest, Move, Release } from "./messages.ts";
import { cleanName } from "./names.ts";
import { parseRoomCode } from "./room-codes.ts";

/** The handshake's Hello, or why it is refused. Says nothing about whether the token is genuine. */
export function parseHello(value: unknown): Hello | RefusalCode {
  if (!isRecord(value)) return "bad-frame";
  const { protocol, build, token, areas } = value;
  if (typeof protocol !== "number" || !Number.isInteger(protocol)) return "bad-frame";
  if (protocol < PROTOCOL_OLDEST || protocol > PROTOCOL_VERSION) return "protocol-version";
  if (typeof build !== "string" || build.length > BUILD_MAX_UNITS) return "bad-frame";
  const hello: Hello = areas === true ? { protocol, build, areas } : { protocol, build };
  if (token === undefined) return hello;
  if (typeof token !== "string" || token === "" || token.length > TOKEN_MAX_UNITS) return "bad-token";
  return { ...hello, token };
}

/** A JoinRequest with its name cleaned and its code in capitals, or why it is refused. */
export function parseJoinRequest(value: unknown): JoinRequest | RefusalCode {
  if (!isRecord(value)) return "bad-frame";
  const name = typeof value.name === "string" ? cleanName(value.name) : undefined;
  if (name === undefined) return "bad-name";
  const request: JoinRequest = { name };
  if (value.room !== undefined) {
    const room = parseRoomCode(value.room);
    if (room === undefined) return "bad-code";
    request.room = room;
  }
  if (value.waters !== undefined) {
    if (value.waters !== "arena") return "bad-frame";
    request.waters = value.waters;
  }
  if (value.prefer !== undefined) {
    if (value.prefer !== "remote" && value.prefer !== "local") return "bad-frame";
    request.prefer = value.prefer;
  }
  if (value.confirms === true) request.confirms = true;
  if (value.ticket !== undefined) {
    if (!isTicket(value.ticket)) return "bad-ticket";
    request.ticket = value.ticket;
  }
  return request;
}

/** A server's Move, or `undefined` if it is none: then it is as if it had not been sent. Says nothing about the ticket. */
export function parseMove(value: unknown): Move | undefined {
  if (!isRecord(value)) return undefined;
  const { ticket, notBeforeMs, deadlineMs } = value;
  if (!isTicket(ticket) || !isDelay(notBeforeMs) || !isDelay(deadlineMs)) return undefined;
  return {
    ticket,
    notBeforeMs: Math.min(notBeforeMs, MOVE_DELAY_MAX_MS),
    deadlineMs: Math.min(deadlineMs, MOVE_DELAY_MAX_MS),
  };
}

/** What a server says of its release, or `undefined` if it is not that. */
export function parseRelease(value: unknown): Release | undefined {
  if (!isRecord(value)) return undefined;
  const { version, protocol } = value;
  if (typeof version !== "string" || version === "" || version.length > BUILD_MAX_UNITS) return undefined;
  return Number.isSafeInteger(protocol) ? { version, protocol: protocol as number } : undefined;
}

function isTicket(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= TICKET_MAX_UNITS;
}

function isDelay(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
