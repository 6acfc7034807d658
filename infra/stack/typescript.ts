// How a script of this repository is run as a process of its own.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The arguments of node that run `script` (from the repository's root), wherever the current folder is. */
export function typescriptArguments(root: string, script: string): string[] {
  const loader = createRequire(join(root, "package.json")).resolve("tsx");
  return ["--import", pathToFileURL(loader).href, join(root, script)];
}
