// Bytes that are no frame are as if they had not come; any other fault is a fault.

import { ProtocolError } from "../../game/protocol/index.ts";

/** What `decode` answers, or `undefined` if it throws a ProtocolError. */
export function decodeOrNothing<Decoded>(decode: () => Decoded): Decoded | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
