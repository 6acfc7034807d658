// The four letters that name a room.

import { CODE_ALPHABET, CODE_LENGTH } from "./limits.ts";

/** Longest text that is looked at: a code with some blanks around. */
const TEXT_MAX_UNITS = 16;
const CODE = new RegExp(`^[${CODE_ALPHABET}]{${CODE_LENGTH}}$`);

/** The room code that somebody typed or a link carries, in capitals; `undefined` if it is none. */
export function parseRoomCode(text: unknown): string | undefined {
  if (typeof text !== "string" || text.length > TEXT_MAX_UNITS) return undefined;
  const code = text.trim();
  // Only ASCII is folded: "ı" and "ſ" would become letters of the alphabet otherwise.
  return /^[A-Za-z]+$/.test(code) && CODE.test(code.toUpperCase()) ? code.toUpperCase() : undefined;
}

/** A new code; `randomBelow(n)` gives 0 … n-1. */
export function makeRoomCode(randomBelow: (limit: number) => number): string {
  let code = "";
  for (let letter = 0; letter < CODE_LENGTH; letter++) code += CODE_ALPHABET[randomBelow(CODE_ALPHABET.length)];
  return code;
}
