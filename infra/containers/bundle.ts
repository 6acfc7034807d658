// For the Dockerfile: `node infra/containers/bundle.ts SCRIPT OUTPUT [PACKAGE THAT STAYS OUTSIDE]...` makes one file of a program, in the
// way of `npm start`, so that an image needs no node_modules.

import { bundle } from "../stack/bundle.ts";
import { repositoryRoot } from "../stack/environment.ts";

const [script, output, ...external] = process.argv.slice(2);
if (script === undefined || output === undefined) throw new Error("wanted: SCRIPT OUTPUT [PACKAGE]...");
await bundle({ root: repositoryRoot, script, output, external, signal: new AbortController().signal });
