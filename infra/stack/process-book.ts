// processes.json: the supervisor of a home and the processes it has started, so that only one runs at a time and a
// later one can end what a killed one has left behind. It is never shown to other commands: stack.json is for them.
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import type { Clock } from "./clock.ts";
import { type Home, writeAtomically, writeOnce } from "./home.ts";
import { processIdentity } from "./process-identity.ts";
import { Refusal } from "./refusal.ts";

const LEFTOVER_TERM_MS = 2_000;
const LEFTOVER_POLL_MS = 50;
const CLAIM_ATTEMPTS = 3;

const entrySchema = z.object({ name: z.string(), pid: z.int().positive(), identity: z.string() });
const bookSchema = z.object({ supervisor: entrySchema, children: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;
type Book = z.infer<typeof bookSchema>;

export class ProcessBook {
  readonly #home: Home;
  #book: Book;

  constructor(home: Home, book: Book) {
    this.#home = home;
    this.#book = book;
  }

  add(name: string, pid: number | undefined): void {
    const identity = pid === undefined ? undefined : processIdentity(pid);
    if (pid === undefined || identity === undefined) return; // it has ended already
    this.#write({ ...this.#book, children: [...this.#book.children, { name, pid, identity }] });
  }

  remove(pid: number | undefined): void {
    this.#write({ ...this.#book, children: this.#book.children.filter((child) => child.pid !== pid) });
  }

  /** Whatever is still there gets SIGKILL at once: for the moment when no order is possible any more. */
  killAll(): void {
    for (const child of this.#book.children) send(child, "SIGKILL");
  }

  close(): void {
    rmSync(this.#home.processesFile, { force: true });
  }

  #write(book: Book): void {
    this.#book = book;
    writeAtomically(this.#home.processesFile, JSON.stringify(book));
  }
}

/** Makes this process the supervisor of the home, ending first what a killed one has left. Refuses while one lives. */
export async function claimHome(home: Home, clock: Clock, say: (line: string) => void): Promise<ProcessBook> {
  const supervisor = { name: "supervisor", pid: process.pid, identity: processIdentity(process.pid) ?? "unknown" };
  const book: Book = { supervisor, children: [] };
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    if (writeOnce(home.processesFile, JSON.stringify(book))) return new ProcessBook(home, book);
    const text = read(home.processesFile);
    if (text === undefined) continue; // it was given up at this moment
    const former = parseBook(text);
    if (former && isAlive(former.supervisor)) break;
    if (!(await removeFormer(home, text, supervisor, clock, say))) break;
  }
  throw new Refusal(
    "already-running",
    `A stack already runs in ${home.path}: end it first, or set TIDEGATE_HOME (and the ports) for a second one.`,
  );
}

/**
 * Of several that find the same dead book only one may remove it, or a late one would remove the book of the one that has
 * claimed the home in between: hence a marker named after the book, and a second look once it is ours. False when
 * another living process is at it.
 */
async function removeFormer(
  home: Home,
  text: string,
  self: Entry,
  clock: Clock,
  say: (line: string) => void,
): Promise<boolean> {
  const marker = `${home.processesFile}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}.taken`;
  if (!writeOnce(marker, JSON.stringify(self))) {
    const holder = parseEntry(read(marker));
    if (holder && isAlive(holder)) return false;
    rmSync(marker, { force: true }); // whoever had it was killed
    return true; // try again from the beginning
  }
  try {
    if (read(home.processesFile) !== text) return true;
    await endLeftovers(parseBook(text)?.children ?? [], clock, say);
    rmSync(home.stackFile, { force: true });
    rmSync(home.processesFile, { force: true });
    return true;
  } finally {
    rmSync(marker, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // it is not there
  }
}

/** Undefined for a broken book: there is nothing to end by it. */
const parseBook = (text: string): Book | undefined => parsed(bookSchema, text);
const parseEntry = (text: string | undefined): Entry | undefined => parsed(entrySchema, text ?? "");

function parsed<S extends z.ZodType>(schema: S, text: string): z.output<S> | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined; // told apart by whoever asks
  }
}

const isAlive = (entry: Entry): boolean => processIdentity(entry.pid) === entry.identity;

async function endLeftovers(entries: readonly Entry[], clock: Clock, say: (line: string) => void): Promise<void> {
  const alive = entries.filter(isAlive);
  if (alive.length === 0) return;
  say(`Ending what a killed stack has left: ${alive.map((entry) => entry.name).join(", ")}.`);
  for (const entry of alive) send(entry, "SIGTERM");
  const deadlineMs = clock.nowMs() + LEFTOVER_TERM_MS;
  while (alive.some(isAlive) && clock.nowMs() < deadlineMs) await clock.sleep(LEFTOVER_POLL_MS);
  for (const entry of alive) send(entry, "SIGKILL");
  while (alive.some(isAlive)) await clock.sleep(LEFTOVER_POLL_MS);
}

function send(entry: Entry, signal: NodeJS.Signals): void {
  if (!isAlive(entry)) return;
  try {
    process.kill(entry.pid, signal);
  } catch {
    // it ended between the look and the signal
  }
}
