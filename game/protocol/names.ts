// What a player may be called. Names are hostile text until they are drawn: markup characters stay as they are, because every
// screen draws names as text, never as HTML.

import { NAME_MAX_CHARACTERS, NAME_MAX_UNITS } from "./limits.ts";

/** Marks (accents, vowel signs) that one letter may carry; what is piled up beyond is dropped. */
const MARKS_PER_LETTER_MAX = 3;

/** Control, format (zero-width, bidi), private, unassigned, half surrogates; invisible fillers; the blank braille cell. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const SPACES = /[\s\p{Z}]+/gu;
const PILE = new RegExp(`(\\p{M}{${MARKS_PER_LETTER_MAX}})\\p{M}+`, "gu");
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The name as everybody will see it: NFC, no invisible characters, single spaces, at most NAME_MAX_CHARACTERS user-perceived characters
 * (what is beyond is cut). `undefined` if nothing visible is left or if it came longer than NAME_MAX_UNITS.
 */
export function cleanName(text: string): string | undefined {
  if (text.length > NAME_MAX_UNITS) return undefined;
  const visible = text.replace(SPACES, " ").replace(INVISIBLE, "").normalize("NFC").replace(PILE, "$1");
  const name = firstCharacters(visible.replace(SPACES, " ").trim(), NAME_MAX_CHARACTERS).trim();
  return VISIBLE.test(name) ? name : undefined;
}

function firstCharacters(text: string, count: number): string {
  let end = 0;
  let seen = 0;
  for (const { index, segment } of characters.segment(text)) {
    if (seen === count) break;
    seen += 1;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
