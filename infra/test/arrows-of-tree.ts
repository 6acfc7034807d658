// Judges every TypeScript file of the repository by arrows.ts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judgeFile } from "./arrows.ts";

const FOLDERS = ["game", "server", "client", "infra", "e2e", "bench"] as const;
/** A package of its own, with dependencies of its own. */
const OUTSIDE = "bench/peers";

/** One sentence for every broken arrow, and how many files were judged. */
export function judgeTree(root: string): { complaints: string[]; files: number } {
  const files = FOLDERS.flatMap((folder) => typescriptFiles(root, folder));
  const complaints = files.flatMap((file) => judgeFile(file, readFileSync(join(root, file), "utf8")));
  return { complaints, files: files.length };
}

function typescriptFiles(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`)
      .filter((path) => /\.tsx?$/.test(path) && !path.includes("node_modules/") && !path.startsWith(OUTSIDE));
  } catch {
    return []; // the folder does not exist (yet)
  }
}
