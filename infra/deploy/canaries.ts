// Canaries as processes: `npm run bots` in the background, whose reports are read line by line. They play through the
// load balancer like everybody.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../stack/bundle.ts";
import { type Child, describeExit, spawnChild } from "../stack/child.ts";
import type { Clock } from "../stack/clock.ts";
import type { Home } from "../stack/home.ts";
import { type Felt, feltSchema, feltSince } from "./felt.ts";
import type { CanaryGroup, CanarySpec } from "./jury.ts";
import { CANARY_FINISH_MS, CANARY_LIFE_S, CANARY_REPORT_EVERY_S } from "./limits.ts";

/** Sends canary groups, each in a process of its own, and ends all of them. */
export class Canaries {
  readonly #options: { readonly root: string; readonly home: Home; readonly clock: Clock };
  readonly #groups: CanaryProcess[] = [];

  constructor(options: { readonly root: string; readonly home: Home; readonly clock: Clock }) {
    this.#options = options;
  }

  /** Makes their program. Starting it costs the players around them little then. */
  prepare(signal: AbortSignal): Promise<void> {
    const { root, home } = this.#options;
    return bundle({ root, script: "client/bots/main.ts", output: scriptIn(home), signal });
  }

  send(spec: CanarySpec): CanaryGroup {
    const { root, home, clock } = this.#options;
    const group = new CanaryProcess(spec, root, home, clock);
    this.#groups.push(group);
    return group;
  }

  /** Whoever still plays is ended without being asked how it was. */
  close(): void {
    for (const group of this.#groups) group.kill();
  }
}

class CanaryProcess implements CanaryGroup {
  felt: Felt | undefined;
  ended: string | undefined;
  readonly #child: Child;
  readonly #clock: Clock;
  #finishing: Promise<Felt | undefined> | undefined;

  constructor(spec: CanarySpec, root: string, home: Home, clock: Clock) {
    this.#clock = clock;
    this.#child = spawnChild({
      name: `canaries ${spec.name}`,
      command: process.execPath,
      // They end when we do, however we end.
      args: ["--import", pathToFileURL(join(root, "infra/follow-parent.mjs")).href, scriptIn(home), ...flagsOf(spec)],
      env: { ...process.env, TIDEGATE_HOME: home.path },
      cwd: root,
      logFile: home.log(`canaries-${spec.name}`),
      onLine: (line) => {
        const report = readReport(line);
        if (report) this.felt = feltSince(this.felt, report);
      },
    });
    void this.#child.exited.then((exit) => {
      this.ended = `${describeExit(exit)}, their log is ${this.#child.logFile}`;
    });
  }

  finish(): Promise<Felt | undefined> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  kill(): void {
    this.#child.signal("SIGKILL");
  }

  async #finish(): Promise<Felt | undefined> {
    const ended = new AbortController();
    void this.#child.exited.then(() => ended.abort());
    this.#child.signal("SIGTERM"); // the bots take it as the end of their time
    await this.#clock.sleep(CANARY_FINISH_MS, ended.signal);
    this.kill();
    return this.felt;
  }
}

const scriptIn = (home: Home): string => join(home.path, "canaries.mjs");

function flagsOf({ count, version }: CanarySpec): string[] {
  return [
    ...["--count", String(count), "--seconds", String(CANARY_LIFE_S)],
    ...["--json", "--report-every", String(CANARY_REPORT_EVERY_S)],
    ...(version === undefined ? [] : ["--version", version]),
  ];
}

/** Undefined for a line that is no report: it is in the log, for people. */
export function readReport(line: string): Felt | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return feltSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // cut off in the middle
  }
}
