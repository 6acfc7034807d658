// Runs `npm run aws -- …` as a person would, in a process of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Say } from "../../provision/progress.ts";
import { repositoryRoot } from "../../stack/environment.ts";

/** The longest one builds the client and waits for every stack. */
const COMMAND_TIMEOUT_MS = 240_000;
const OUTPUT_MAX_CHARS = 262_144;

export interface Ended {
  readonly code: number;
  /** What was printed for programs and people, and what for people only. */
  readonly stdout: string;
  readonly stderr: string;
}

export class Commands {
  readonly #env: NodeJS.ProcessEnv;
  readonly #say: Say;
  readonly #end = new AbortController();

  constructor(env: NodeJS.ProcessEnv, say: Say) {
    this.#env = env;
    this.#say = say;
  }

  /** `more`: further variables. */
  run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
    this.#say(`$ npm run aws -- ${args.join(" ")}`);
    const script = ["infra/run.mjs", "infra/aws/main.ts"].map((file) => join(repositoryRoot, file));
    const child = spawn(process.execPath, [...script, ...args], {
      cwd: repositoryRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...this.#env, ...more },
      timeout: COMMAND_TIMEOUT_MS,
      signal: this.#end.signal,
    });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk: Buffer) => {
        said[stream] = (said[stream] + chunk.toString()).slice(-OUTPUT_MAX_CHARS);
        for (const line of chunk.toString().trimEnd().split("\n")) this.#say(`    ${line}`);
      });
    }
    return new Promise((resolve) => {
      child.on("error", (error) =>
        resolve({ code: -1, stdout: said.stdout, stderr: `${said.stderr}${error.message}` }),
      );
      child.on("close", (code) => resolve({ code: code ?? -1, ...said }));
    });
  }

  /** Ends what runs; whatever is run afterwards ends at once. */
  close(): void {
    this.#end.abort();
  }
}
