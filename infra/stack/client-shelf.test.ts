import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BUILDS_KEPT, ClientShelf } from "./client-shelf.ts";
import { describeHome, type Home } from "./home.ts";

let folder: string;
let home: Home;
let shelf: ClientShelf;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tg-shelf-"));
  home = describeHome(folder);
  shelf = new ClientShelf(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A build whose page asks for one asset of its own and one that all builds share. */
function put(version: string, sources: string, running: readonly string[] = []): void {
  const output = join(folder, "output");
  mkdirSync(join(output, "assets", "fonts"), { recursive: true });
  writeFileSync(join(output, "index.html"), `page ${sources}`);
  writeFileSync(join(output, "assets", `main-${sources}.js`), `main ${sources}`);
  writeFileSync(join(output, "assets", "phaser-1.js"), "phaser");
  writeFileSync(join(output, "assets", "fonts", "sans-1.woff2"), "sans");
  shelf.put(output, { version, sources }, running);
  rmSync(output, { recursive: true });
}

const page = (version: string) => readFileSync(join(home.clientDir(version), "index.html"), "utf8");
const assets = () =>
  readdirSync(home.assetsDir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("."))
    .sort();

test("each version has its own page, and the assets of all are together", () => {
  put("v1", "aa");
  put("v2", "bb");
  expect([page("v1"), page("v2")]).toEqual(["page aa", "page bb"]);
  expect(assets()).toEqual([join("fonts", "sans-1.woff2"), "main-aa.js", "main-bb.js", "phaser-1.js"]);
});

test("a build is known by its version and its sources, as long as its files are all there", () => {
  put("v1", "aa");
  expect(shelf.has({ version: "v1", sources: "aa" })).toBe(true);
  expect(shelf.has({ version: "v1", sources: "bb" })).toBe(false);
  expect(shelf.has({ version: "v2", sources: "aa" })).toBe(false);
  rmSync(join(home.assetsDir, "main-aa.js"));
  expect(shelf.has({ version: "v1", sources: "aa" })).toBe(false);
});

test("a version that is built again has the new page, and an open tab still finds the assets of the old one", () => {
  put("dev", "aa");
  put("dev", "bb");
  expect(page("dev")).toBe("page bb");
  expect(assets()).toEqual([join("fonts", "sans-1.woff2"), "main-aa.js", "main-bb.js", "phaser-1.js"]);
  expect(shelf.has({ version: "dev", sources: "aa" })).toBe(false);
});

test("builds beyond the newest few go, with the assets that nobody else needs", () => {
  for (let number = 0; number <= BUILDS_KEPT; number++) put(`v${number}`, `s${number}`);
  expect(existsSync(home.clientDir("v0"))).toBe(false);
  expect(page("v1")).toBe("page s1");
  expect(assets()).toHaveLength(BUILDS_KEPT + 2);
  expect(assets()).not.toContain("main-s0.js");
  expect(assets()).toContain("phaser-1.js");
});

test("what runs stays, however many builds come after it", () => {
  put("v1", "old");
  put("v1", "aa");
  for (let number = 0; number < 3 * BUILDS_KEPT; number++) put(`next${number}`, `s${number}`, ["v1"]);
  expect(page("v1")).toBe("page aa");
  expect(assets()).toContain("main-aa.js");
  expect(assets()).not.toContain("main-old.js");
  put("v9", "s9");
  expect(existsSync(home.clientDir("v1"))).toBe(false);
});

test("a build can be taken over from another home, once, beside what this one has", () => {
  put("v1", "aa");
  put("v2", "bb");
  const other = describeHome(join(folder, "other"));
  mkdirSync(other.path);
  const its = new ClientShelf(other);
  its.takeOver(home, "v1");
  its.takeOver(home, "v1");
  its.takeOver(home, "v3");
  expect([its.has({ version: "v1", sources: "aa" }), its.has({ version: "v2", sources: "bb" })]).toEqual([true, false]);
  expect(readFileSync(join(other.clientDir("v1"), "index.html"), "utf8")).toBe("page aa");
  expect(readdirSync(other.assetsDir).sort()).toEqual(["fonts", "main-aa.js", "phaser-1.js"]);
  expect(JSON.parse(readFileSync(join(other.path, "client-builds.json"), "utf8"))).toHaveLength(1);
});

test("files that no build put there, and a book that cannot be read, do not last", () => {
  mkdirSync(home.assetsDir);
  writeFileSync(join(home.assetsDir, ".77.next"), "half");
  put("v1", "aa");
  expect(assets()).toEqual([join("fonts", "sans-1.woff2"), "main-aa.js", "phaser-1.js"]);
  writeFileSync(join(folder, "client-builds.json"), "{");
  expect(shelf.has({ version: "v1", sources: "aa" })).toBe(false);
  put("v1", "aa");
  expect(shelf.has({ version: "v1", sources: "aa" })).toBe(true);
});
