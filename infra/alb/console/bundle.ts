// The page's files as a browser takes them: one script (types stripped, libraries included), one style sheet. Made when somebody
// first opens the page, so that `npm run alb` needs no build step.

import { join } from "node:path";
import { build, stop } from "esbuild";

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** Rejects with esbuild's error, which names file and line. */
export async function bundlePage(): Promise<Bundle> {
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
