// Finding programs and running them to their end. It starts nothing that stays.
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where programs land that are not always on PATH: package managers and desktop installers put them there. */
const FURTHER_FOLDERS = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/opt/homebrew/bin", "/snap/bin"];
const OUTPUT_KEPT_CHARS = 16_384;

/** The first of `names` that is an executable file on PATH (or in `furtherFolders`), as an absolute path. */
export function findProgram(
  names: readonly string[],
  path: string = process.env.PATH ?? "",
  furtherFolders: readonly string[] = [],
): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ""), ...furtherFolders];
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  return undefined;
}

/** As `findProgram`, after an installation: looks where package managers put things, too. */
export const findInstalledProgram = (names: readonly string[]): string | undefined =>
  findProgram(names, process.env.PATH ?? "", FURTHER_FOLDERS);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // absent or not allowed: not usable, which is all that was asked
  }
}

export interface Outcome {
  /** The exit code; -1 when the program could not be started or was ended by a signal or the time limit. */
  readonly code: number;
  /** The last lines of stdout and stderr together. */
  readonly output: string;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Aborting it ends the program (SIGTERM), as the time limit does. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program with no stdin and gives its outcome; it never rejects. */
export function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs,
    });
    const abort = () => child.kill("SIGTERM");
    options.signal?.addEventListener("abort", abort);
    if (options.signal?.aborted) abort();
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT_CHARS);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: -1, output: `${output}${error.message}` }));
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", abort);
      resolve({ code: code ?? -1, output });
    });
  });
}
