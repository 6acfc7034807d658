import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSealKey } from "./seal-key.ts";

test("ALB-62: the key of the cookies is made once, for its owner only, and made anew when it is damaged", async () => {
  const home = await mkdtemp(join(tmpdir(), "alb-seal-"));
  try {
    const directory = join(home, "deep");
    const path = join(directory, "stickiness.key");
    const key = await openSealKey(directory);
    expect(key).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await openSealKey(directory)).toEqual(key);
    await writeFile(path, "short");
    const next = await openSealKey(directory);
    expect(next).toHaveLength(32);
    expect(next).not.toEqual(key);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
