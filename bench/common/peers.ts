// What we are measured against, in a package of its own (bench/peers): installed when it is needed, named by its versions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installOwnPackage } from "../../infra/provision/own-package.ts";
import { sayOnStderr } from "../../infra/provision/progress.ts";

export interface Peers {
  /** Where their programs stand. */
  readonly folder: string;
  version(name: string): string;
}

/** Installs what the lockfile names unless all of it is there. */
export async function installPeers(root: string): Promise<Peers> {
  const folder = join(root, "bench", "peers");
  const wanted: Record<string, string> = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies;
  // Peers of peers (databases, key-value stores of Colyseus) are for those who use them.
  await installOwnPackage({ folder, title: "the peers", npmArguments: ["--legacy-peer-deps"] }, sayOnStderr);
  return { folder, version: (name) => wanted[name]! };
}
