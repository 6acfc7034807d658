import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installOwnPackage } from "./own-package.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidegate-own-package-"));
  writeLock("1.0.0");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const writeLock = (version: string): void =>
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ packages: { "": {}, "node_modules/a": { version } } }),
  );

/** Takes npm's place: notes its arguments, then does as told. */
function stubNpm(script: string): void {
  const file = join(folder, "npm-cli.cjs");
  const note = `const fs = require("fs"); fs.appendFileSync(${JSON.stringify(join(folder, "calls"))}, process.argv.slice(2).join(" ") + "\\n");`;
  writeFileSync(file, `${note}\nprocess.chdir(${JSON.stringify(folder)});\n${script}`);
  vi.stubEnv("npm_execpath", file);
}

const INSTALLS = 'fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");';
const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const own = () => ({ folder, title: "the thing", npmArguments: ["--extra"] });

test("a package of its own is installed by npm ci once, and again when its lockfile has changed", async () => {
  mkdirSync(join(folder, "node_modules"));
  stubNpm(INSTALLS);
  await installOwnPackage(own(), () => {});
  await installOwnPackage(own(), () => {});
  expect(calls()).toEqual([`ci --no-audit --no-fund --loglevel=error --prefix ${folder} --extra`]);
  writeLock("1.0.1");
  await installOwnPackage(own(), () => {});
  expect(calls()).toHaveLength(2);
});

test("what npm says when it fails stands in the refusal", async () => {
  stubNpm('console.error("npm error no such registry"); process.exit(7);');
  await expect(installOwnPackage(own(), () => {})).rejects.toThrow(
    `Cannot install the thing: npm ci in ${folder} ended with 7: npm error no such registry`,
  );
});
