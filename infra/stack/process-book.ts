// processes.json: the supervisor of a home and the processes it has started, so that only one runs at a time and a
// later one can end what a killed one has left behind. It is never shown to other commands: stack.json is for them.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Clock } from "./clock.ts";
import { type Home, writeAtomically } from "./home.ts";
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
    if (tryClaim(home, book)) return new ProcessBook(home, book);
    const former = readBook(home);
    if (former && isAlive(former.supervisor)) break;
    if (former) await endLeftovers(former.children, clock, say);
    rmSync(home.processesFile, { force: true });
    rmSync(home.stackFile, { force: true });
  }
  throw new Refusal(
    "already-running",
    `A stack already runs in ${home.path}: end it first, or set TIDEGATE_HOME (and the ports) for a second one.`,
  );
}

function tryClaim(home: Home, book: Book): boolean {
  try {
    writeFileSync(home.processesFile, JSON.stringify(book), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Refusal("bad-home", `Cannot write in ${home.path}: ${(error as Error).message}.`, { cause: error });
  }
}

function readBook(home: Home): Book | undefined {
  try {
    return bookSchema.parse(JSON.parse(readFileSync(home.processesFile, "utf8")));
  } catch {
    return undefined; // gone or broken: there is nothing to end by it
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
