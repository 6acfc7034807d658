import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BUILDS_KEPT, shelveAssets } from "./asset-shelf.ts";

let folder: string;
let shelf: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
  shelf = join(folder, "shelf");
  mkdirSync(shelf);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(build: string, atSeconds: number): void {
  const assets = join(folder, build);
  mkdirSync(assets, { recursive: true });
  for (const file of ["phaser-1.js", `index-${build}.js`]) writeFileSync(join(assets, file), `${file} of any build`);
  shelveAssets(assets, shelf, new Date(atSeconds * 1000));
}

const files = () =>
  readdirSync(shelf)
    .filter((name) => !name.startsWith("."))
    .sort();

test("the assets of both builds are there while one replaces the other", () => {
  start("a", 1);
  start("b", 2);
  start("a", 3);
  expect(files()).toEqual(["index-a.js", "index-b.js", "phaser-1.js"]);
  expect(readdirSync(join(shelf, ".builds"))).toHaveLength(2);
});

test("the builds that were started last are kept, and what they share with older ones", () => {
  start("oldest", 1);
  for (let build = 1; build < BUILDS_KEPT; build += 1) start(`b${build}`, 1 + build);
  start("oldest", 100);
  start("new", 101);
  expect(files()).toHaveLength(BUILDS_KEPT + 1);
  expect(files()).not.toContain("index-b1.js");
  for (const kept of ["index-oldest.js", "index-new.js", "index-b2.js", "phaser-1.js"]) expect(files()).toContain(kept);
});

test("nothing is left half written", () => {
  start("a", 1);
  expect(readdirSync(shelf, { recursive: true }).filter((name) => String(name).endsWith(".next"))).toEqual([]);
});
