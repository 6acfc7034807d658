// Where built clients are kept: the pages of each version in a folder of their own, the hashed assets of all builds together, and a book
// of which build needs which. What runs is never removed, and an open tab's build not before BUILDS_KEPT newer ones.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { type Home, writeAtomically } from "./home.ts";

/** Builds whose assets are kept for tabs that are still open, the newest ones; those of versions that run come on top. */
export const BUILDS_KEPT = 8;

const bookSchema = z.array(
  z.object({ version: z.string(), sources: z.string(), pages: z.array(z.string()), assets: z.array(z.string()) }),
);

/** What was built: `version` is what it calls itself, `sources` a hash of what it was built from. */
export interface BuildName {
  readonly version: string;
  readonly sources: string;
}

/** Oldest first; file names are relative to their folders. */
type Build = z.infer<typeof bookSchema>[number];

export class ClientShelf {
  readonly #home: Home;
  readonly #bookFile: string;

  constructor(home: Home) {
    this.#home = home;
    this.#bookFile = join(home.path, "client-builds.json");
  }

  /** Whether that version's pages are of these sources, and everything is in place. */
  has({ version, sources }: BuildName): boolean {
    const build = this.#read().findLast((known) => known.version === version);
    if (build?.sources !== sources) return false;
    const pages = new Set(filesIn(this.#home.clientDir(version)));
    const assets = new Set(filesIn(this.#home.assetsDir));
    return build.pages.every((file) => pages.has(file)) && build.assets.every((file) => assets.has(file));
  }

  /** Takes a finished build in: assets first, then the pages that ask for them. Each file is there whole or not at all. */
  put(output: string, { version, sources }: BuildName, running: readonly string[]): void {
    const assets = filesIn(join(output, "assets"));
    const pages = filesIn(output).filter((file) => !file.startsWith("assets/"));
    this.#take({ version, sources, pages, assets }, { pages: output, assets: join(output, "assets") }, running);
  }

  /** Takes the newest build of a version from another home, unless it is here. */
  takeOver(from: Home, version: string): void {
    const build = new ClientShelf(from).#read().findLast((known) => known.version === version);
    if (build && !this.has(build)) this.#take(build, { pages: from.clientDir(version), assets: from.assetsDir }, []);
  }

  #take(build: Build, from: { pages: string; assets: string }, running: readonly string[]): void {
    for (const file of build.assets) {
      const asset = join(this.#home.assetsDir, file);
      // The same name is the same content.
      if (!existsSync(asset)) place(join(from.assets, file), asset);
    }
    for (const file of build.pages) place(join(from.pages, file), join(this.#home.clientDir(build.version), file));
    const builds = [...this.#read(), build];
    const kept = builds.filter((known, at) => isKept(builds, known, at, running));
    writeAtomically(this.#bookFile, JSON.stringify(kept));
    this.#removeAllBut(kept);
  }

  #removeAllBut(kept: readonly Build[]): void {
    const versions = new Set(kept.map(({ version }) => version));
    for (const name of readdirSync(this.#home.clientsDir)) {
      if (!versions.has(name)) rmSync(join(this.#home.clientsDir, name), { recursive: true, force: true });
    }
    const assets = new Set(kept.flatMap((build) => build.assets));
    for (const file of filesIn(this.#home.assetsDir)) {
      if (!assets.has(file)) rmSync(join(this.#home.assetsDir, file), { force: true });
    }
  }

  #read(): Build[] {
    try {
      return bookSchema.parse(JSON.parse(readFileSync(this.#bookFile, "utf8")));
    } catch {
      return []; // nothing was built yet, or another kind of book was kept: then it is built anew
    }
  }
}

/** The newest BUILDS_KEPT, and the newest of each version that runs. */
function isKept(builds: readonly Build[], build: Build, at: number, running: readonly string[]): boolean {
  const isNewestOfVersion = builds.findLastIndex(({ version }) => version === build.version) === at;
  return at >= builds.length - BUILDS_KEPT || (isNewestOfVersion && running.includes(build.version));
}

/** By renaming a copy: a server that is asked meanwhile serves the old file or the new one, never half of it. */
function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const next = join(dirname(to), `.${process.pid}.next`);
  copyFileSync(from, next);
  renameSync(next, to);
}

/** All files under a folder, as paths with slashes; none if there is no such folder. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}
