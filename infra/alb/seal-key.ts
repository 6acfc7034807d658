// The key that seals stickiness cookies. It is kept beside the certificates, so that a restart unsticks nobody.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SEAL_KEY_BYTES } from "./routing/cookie-seal.ts";

/** Reads `stickiness.key` in the directory, or makes it when it is missing or of the wrong length. */
export async function openSealKey(directory: string): Promise<Buffer> {
  const path = join(directory, "stickiness.key");
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.length === SEAL_KEY_BYTES) return found;
  const made = randomBytes(SEAL_KEY_BYTES);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, made, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;
}
