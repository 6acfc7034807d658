// What the agent tells other containers, as files in a volume: which CA to trust, and which servers run, in the form that Prometheus
// reads (file_sd_configs).
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskView } from "../stack/task-entry.ts";

export class News {
  readonly #folder: string;
  #servers = "";

  constructor(folder: string) {
    this.#folder = folder;
  }

  trust(caCertificate: string): void {
    this.#replace("ca.pem", caCertificate);
  }

  /** Writes only what is new: whoever watches the file is not woken for nothing. */
  servers(tasks: readonly TaskView[]): void {
    const text = JSON.stringify(tasks.flatMap(scrapeOf));
    if (text === this.#servers) return;
    this.#servers = text;
    this.#replace("servers.json", text);
  }

  /** Whole: a reader sees the old file or the new one. */
  #replace(name: string, text: string): void {
    const next = join(this.#folder, `.${name}.next`);
    writeFileSync(next, text);
    renameSync(next, join(this.#folder, name));
  }
}

function scrapeOf({ address, generation, id, status, version }: TaskView): object[] {
  if (address === null || status === "STOPPED") return [];
  return [
    { targets: [`${address.host}:${address.port}`], labels: { server: id, version, generation: String(generation) } },
  ];
}
