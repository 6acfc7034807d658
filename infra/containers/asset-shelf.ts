// The hashed assets of all builds in one volume: each game container adds those of its image when it starts, so that in a deploy a page of
// one version finds its files on servers of the other. (On one machine without containers this is stack/client-shelf.ts.)
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Builds whose assets are kept, those that were started last. A server always finds those of its own build in its image. */
export const BUILDS_KEPT = 8;
/** Names what each build needs; servers do not give away what begins with a dot. */
const BOOKS = ".builds";

/** Several containers may do so at the same time. `now` is when this build was started last. */
export function shelveAssets(assets: string, shelf: string, now: Date): void {
  const files = readdirSync(assets).sort();
  const books = join(shelf, BOOKS);
  mkdirSync(books, { recursive: true });
  const text = JSON.stringify(files);
  const book = join(books, `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  // The book first: who tidies up at this moment leaves alone what is in one.
  place(book, (next) => writeFileSync(next, text));
  utimesSync(book, now, now);
  for (const file of files) {
    // The same name is the same content.
    if (!existsSync(join(shelf, file))) place(join(shelf, file), (next) => copyFileSync(join(assets, file), next));
  }
  tidyUp(shelf, books);
}

function tidyUp(shelf: string, books: string): void {
  const present = readdirSync(shelf).filter((file) => !file.startsWith("."));
  const byAge = readdirSync(books)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ path: join(books, name), startedMs: statSync(join(books, name)).mtimeMs }))
    .sort((a, b) => b.startedMs - a.startedMs);
  const kept = new Set(byAge.slice(0, BUILDS_KEPT).flatMap(({ path }) => readBook(path)));
  for (const { path } of byAge.slice(BUILDS_KEPT)) rmSync(path, { force: true });
  for (const file of present) {
    if (!kept.has(file)) rmSync(join(shelf, file), { force: true });
  }
}

/** Only this file writes them; one that another start has just taken away names nothing. */
function readBook(path: string): string[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : [];
}

/** By renaming: who asks for the file meanwhile gets all of it or nothing. */
function place(file: string, write: (next: string) => void): void {
  const next = join(file, "..", `.${process.env.HOSTNAME ?? ""}${process.pid}.next`);
  write(next);
  renameSync(next, file);
}
