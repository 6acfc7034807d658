import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hashSources } from "./client-build.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeSources(): string {
  const root = mkdtempSync(join(tmpdir(), "tg-"));
  folders.push(root);
  mkdirSync(join(root, "client", "view"), { recursive: true });
  mkdirSync(join(root, "server"));
  writeFileSync(join(root, "client", "view", "boat.ts"), "1");
  writeFileSync(join(root, "package-lock.json"), "{}");
  return root;
}

test("the hash is the same for the same sources, wherever they are", () => {
  expect(hashSources(makeSources())).toBe(hashSources(makeSources()));
});

test("a changed, renamed or added source changes the hash", () => {
  const root = makeSources();
  const before = hashSources(root);
  const boat = join(root, "client", "view", "boat.ts");
  writeFileSync(boat, "2");
  expect(hashSources(root)).not.toBe(before);
  writeFileSync(boat, "1");
  expect(hashSources(root)).toBe(before);
  writeFileSync(join(root, "client", "new.ts"), "");
  expect(hashSources(root)).not.toBe(before);
});

test("tests and servers do not", () => {
  const root = makeSources();
  const before = hashSources(root);
  writeFileSync(join(root, "client", "view", "boat.test.ts"), "x");
  writeFileSync(join(root, "server", "main.ts"), "x");
  expect(hashSources(root)).toBe(before);
});
