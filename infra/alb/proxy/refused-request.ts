// What was no request: it was refused before it could become an exchange, and its connection ends.

import type { ClientConnection } from "./client-connection.ts";

export interface RefusedRequest {
  readonly client: ClientConnection;
  readonly status: number;
  /** When its first bytes were seen, as far as that was noticed. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Of the answer, head and body. */
  readonly sentBytes: number;
}
