import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../stack/environment.ts";
import { judgeLockfile, LOCKFILES } from "./lockfile.ts";

test.each(LOCKFILES)("%s names no host, every package in it has its hash, and no platform is missing", (file) => {
  expect(judgeLockfile(readFileSync(join(repositoryRoot, file), "utf8"), file)).toEqual([]);
});

test("a package with a host, one without a hash, and one for another platform that is missing are named", () => {
  const packages = {
    "": { name: "tidegate" },
    "node_modules/a": { resolved: "https://registry.example/a.tgz", integrity: "sha512-x" },
    "node_modules/b": { version: "1.0.0" },
    "node_modules/c": { integrity: "sha512-c", optionalDependencies: { "c-linux": "1.0.0", "c-darwin": "1.0.0" } },
    "node_modules/c/node_modules/bundled": { inBundle: true },
    "node_modules/c-linux": { integrity: "sha512-d" },
  };
  expect(judgeLockfile(JSON.stringify({ packages }))).toEqual([
    "package-lock.json: node_modules/a names https://registry.example/a.tgz",
    "package-lock.json: node_modules/b has no integrity",
    "package-lock.json: node_modules/c wants c-darwin, which is missing",
  ]);
});
