// Canaries as processes: `npm run bots` in the background, whose reports are read line by line. They play through the
// load balancer like everybody.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../stack/bundle.ts";
import { type Child, describeExit, spawnChild } from "../stack/child.ts";
import type { Clock } from "../stack/clock.ts";
import type { Home } from "../stack/home.ts";
import { type Felt, feltSchema, feltSince } from "./felt.ts";
import type { CanaryGroup, CanarySpec } from "./jury.ts";
import { CANARY_FINISH_MS, CANARY_LIFE_S, CANARY_REPORT_EVERY_S } from "./limits.ts";

export interface CanariesOptions {
  readonly root: string;
  /** Their program and their logs are kept there. */
  readonly home: Home;
  readonly clock: Clock;
  /** Where they play. */
  readonly url: string;
  /** What signs the certificate there, PEM; undefined for one that everybody trusts. */
  readonly caCertificate: string | undefined;
}

/** Sends canary groups, each in a process of its own, and ends all of them. */
export class Canaries {
  readonly #options: CanariesOptions;
  readonly #groups: CanaryProcess[] = [];

  constructor(options: CanariesOptions) {
    this.#options = options;
  }

  /** Makes their program. Starting it costs the players around them little then. */
  prepare(signal: AbortSignal): Promise<void> {
    const { root, home } = this.#options;
    return bundle({ root, script: "client/bots/main.ts", output: scriptIn(home), signal });
  }

  send(spec: CanarySpec): CanaryGroup {
    const { caCertificate, home, url } = this.#options;
    if (caCertificate !== undefined) writeFileSync(authorityIn(home), caCertificate);
    const where = ["--url", url, ...(caCertificate === undefined ? [] : ["--ca", authorityIn(home)])];
    const group = new CanaryProcess(spec, where, this.#options);
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

  constructor(spec: CanarySpec, where: readonly string[], { root, home, clock }: CanariesOptions) {
    this.#clock = clock;
    const follow = pathToFileURL(join(root, "infra/follow-parent.mjs")).href;
    this.#child = spawnChild({
      name: `canaries ${spec.name}`,
      command: process.execPath,
      // They end when we do, however we end.
      args: ["--import", follow, scriptIn(home), ...where, ...flagsOf(spec)],
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
const authorityIn = (home: Home): string => join(home.path, "canaries-ca.pem");

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
