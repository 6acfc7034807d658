// `npm run bench -- WHAT`: the side-by-side measurements. Each has a folder of its own; docs/benchmarks.md explains them.
import { runProxyBench } from "./proxy/command.ts";

await runProxyBench();
