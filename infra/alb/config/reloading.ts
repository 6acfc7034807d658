// Reads the config file again when it is asked to, or when the file changes. A wrong file is told and left; what is in
// force stays in force.

import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import { readConfigFile } from "./config-file.ts";
import type { Applied } from "./declarations.ts";
import { differences } from "./differences.ts";
import { ConfigError, explainConfigError } from "./problem.ts";

export interface ReloadDependencies {
  readonly path: string;
  readonly clock: Clock;
  readonly declare: (file: Awaited<ReturnType<typeof readConfigFile>>) => Promise<Applied>;
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
}

export class Reloading {
  readonly #deps: ReloadDependencies;
  #last: Promise<void> = Promise.resolve();
  #waiting = false;
  #settling: Timer | undefined;
  #stopWatching: () => void = () => {};

  constructor(deps: ReloadDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the file as it is now has been read and put in force, or told to be wrong. Never rejects. */
  reload(): Promise<void> {
    // One that has not begun yet will see the file as it is now.
    if (!this.#waiting) {
      this.#waiting = true;
      this.#last = this.#last.then(() => this.#reload());
    }
    return this.#last;
  }

  /** Editors replace files, so the folder is watched, not the file. Throws when the system refuses to watch. */
  watch(): void {
    const { path, clock } = this.#deps;
    const name = basename(path);
    const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed !== null && changed !== name) return;
      this.#settling?.cancel();
      this.#settling = clock.after(limits.configSettleMs, () => void this.reload());
    });
    watcher.on("error", (error) => this.#deps.complain(`${path} is no longer watched: ${error.message}\n`));
    this.#stopWatching = () => watcher.close();
  }

  close(): void {
    this.#stopWatching();
    this.#settling?.cancel();
  }

  async #reload(): Promise<void> {
    const { path, declare, say, complain } = this.#deps;
    this.#waiting = false;
    try {
      const { before, now } = await declare(await readConfigFile(path));
      const changes = differences(before, now);
      const shown = changes.slice(0, limits.maxConfigProblems);
      const more = changes.length - shown.length;
      const list = more > 0 ? [...shown, `and ${more} more`] : shown;
      say(`${path} read again: ${changes.length === 0 ? "nothing has changed" : list.join(", ")}.\n`);
    } catch (error) {
      const reason = error instanceof ConfigError ? explainConfigError(path, error) : `${(error as Error).message}\n`;
      complain(`${reason}${path} is not put in force; everything stays as it was.\n`);
    }
  }
}
