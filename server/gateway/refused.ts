// A refusal on its way up to whoever can tell the client.

import { REFUSALS, type Refusal, type RefusalCode, refusal } from "../../game/protocol/index.ts";

export class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(REFUSALS[code]);
    this.code = code;
  }
}

/** The refusal that an error stands for; anything unknown becomes `otherwise`. */
export function refusalOf(error: unknown, otherwise: RefusalCode): Refusal {
  const code = (error as { code?: unknown } | null)?.code;
  return refusal(typeof code === "string" && Object.hasOwn(REFUSALS, code) ? (code as RefusalCode) : otherwise);
}
