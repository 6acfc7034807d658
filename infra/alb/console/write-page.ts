// For the Dockerfile: `node infra/alb/console/write-page.ts FOLDER` puts the console's files there as browsers take them, so that they need
// not be made where the load balancer runs.
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundlePage } from "./bundle.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("wanted: FOLDER");
const { script, style } = await bundlePage();
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "main.js"), script);
await writeFile(join(folder, "main.css"), style);
for (const file of ["index.html", "icon.svg"]) await cp(join(import.meta.dirname, "page", file), join(folder, file));
