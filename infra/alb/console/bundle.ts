// The page's files as a browser takes them: one script (types stripped, libraries included), one style sheet. Made when somebody
// first opens the page, so that `npm run alb` needs no build step; in an image they lie there made, and the maker does not.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

const made = (name: string) => join(import.meta.dirname, "page", name);

/** Rejects with esbuild's error, which names file and line. */
export async function bundlePage(): Promise<Bundle> {
  if (!existsSync(made("main.js"))) return makePage();
  return { script: await readFile(made("main.js"), "utf8"), style: await readFile(made("main.css"), "utf8") };
}

async function makePage(): Promise<Bundle> {
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "page", "main.ts")],
    bundle: true,
    write: false,
    outdir: "page",
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "inline",
    logLevel: "silent",
  });
  // Its helper process is not needed again.
  await stop();
  const text = (extension: string) => outputFiles.find((file) => file.path.endsWith(extension))!.text;
  return { script: text(".js"), style: text(".css") };
}
