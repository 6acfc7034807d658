// What stickiness cookies carry, sealed: clients can neither read nor change it. AES-256-GCM; the scope (which cookie, of
// which target group) is authenticated with it, so that a cookie opens only where it was made.
//
//   base64( nonce 12 B │ tag 16 B │ encrypted text, padded with zeros to a whole number of blocks )

import { createCipheriv, createDecipheriv } from "node:crypto";

export const SEAL_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** With the padding a cookie's length tells nothing about the target, and the short ones have 128 characters as AWS's. */
const BLOCK_BYTES = 68;

export interface Sealed {
  readonly text: string;
  /** Still good before this time. */
  readonly expiresAtMs: number;
}

export interface CookieSeal {
  /** `text` must not contain NUL. */
  seal(scope: string, content: Sealed): string;
  /** Undefined for what this key has not sealed for this scope, and for anything longer than `maxLength`. Never throws. */
  open(scope: string, value: string, maxLength: number): Sealed | undefined;
}

export interface CookieSealOptions {
  readonly key: Buffer;
  /** Never the same bytes twice. */
  readonly randomBytes: (count: number) => Buffer;
}

export function createCookieSeal({ key, randomBytes }: CookieSealOptions): CookieSeal {
  return {
    seal(scope, { text, expiresAtMs }) {
      const plain = Buffer.from(`${Math.floor(expiresAtMs)} ${text}`, "utf8");
      const padded = Buffer.alloc(Math.ceil(plain.length / BLOCK_BYTES) * BLOCK_BYTES);
      plain.copy(padded);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(scope, "utf8"));
      const encrypted = Buffer.concat([cipher.update(padded), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64");
    },
    open(scope, value, maxLength) {
      if (value.length > maxLength) return undefined;
      const bytes = Buffer.from(value, "base64");
      const head = NONCE_BYTES + TAG_BYTES;
      // Node's reader skips what is no base64: only the one spelling that was given out is taken back.
      if (bytes.length <= head || bytes.toString("base64") !== value) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(scope, "utf8"));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, head));
      try {
        const plain = Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]).toString("utf8");
        const end = plain.indexOf("\0");
        const [expiry = "", ...rest] = (end < 0 ? plain : plain.slice(0, end)).split(" ");
        return { text: rest.join(" "), expiresAtMs: Number(expiry) };
      } catch {
        // Not sealed by this key for this scope, or changed since.
        return undefined;
      }
    },
  };
}
