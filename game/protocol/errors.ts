// What a server says when it refuses, and why it closes. Codes are stable: clients and tests depend on them.

export const REFUSALS = {
  "protocol-version": "This page is from another version of the game; reload it.",
  "bad-frame": "A message could not be understood.",
  "too-large": "A message was larger than allowed.",
  "too-many-messages": "Too many messages in a short time.",
  "bad-name": "That name cannot be used.",
  "bad-code": "A room code is four letters.",
  "unknown-room": "There is no room with that code.",
  "room-full": "That room is full.",
  "bad-token": "The player token is not valid.",
  "bad-ticket": "The ticket is not valid for this seat, or no longer.",
  "bad-origin": "This page may not connect here.",
  "not-seated": "Join a room first.",
  "already-seated": "This connection has a seat already.",
  superseded: "You continue in another tab.",
  draining: "This server is leaving; connect again.",
  "room-closed": "The room had a fault and was closed.",
  "server-full": "The server is full; try again.",
  unavailable: "The room cannot be reached at the moment; try again.",
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Refusals after which the same request may be repeated and may succeed (elsewhere or later). */
export const RETRYABLE: ReadonlySet<RefusalCode> = new Set(["draining", "server-full", "unavailable", "room-closed"]);

export interface Refusal {
  code: RefusalCode;
  message: string;
}

export function refusal(code: RefusalCode): Refusal {
  return { code, message: REFUSALS[code] };
}
