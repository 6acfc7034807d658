// `npm test`: the quick checks, while what the tests need is provisioned; then unit and integration tests, the browsers, and
// the containers where a Docker engine is.
// The last line of a green run is "N passed, 0 failed"; a quick check that fails counts as one that failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { provisionChromium } from "../provision/chromium.ts";
import { type ContainersHere, provisionContainers } from "../provision/containers.ts";
import { sayOnStderr } from "../provision/progress.ts";
import { provisionRedisProgram } from "../provision/redis.ts";
import { newCommand, runCommand } from "../stack/command.ts";
import { readEnvironment, repositoryRoot } from "../stack/environment.ts";
import { EXIT } from "../stack/refusal.ts";
import { addCounts, type Counts, countPlaywright, countVitest } from "./counts.ts";
import { runQuickChecks, script } from "./quick-checks.ts";
import { endStepsOnSignals, report, runStep, type Step } from "./step.ts";

const root = repositoryRoot;
const BROWSER_CONFIG = join(root, "e2e", "playwright.config.ts");
const CONTAINER_CONFIG = join(root, "e2e", "containers", "playwright.config.ts");

await runCommand(newCommand("npm test", "Types, lint, arrows, unit, integration, browsers."), async () => {
  endStepsOnSignals();
  const reports = join(readEnvironment().home, "test-reports");
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  // What is missing comes over the network while the checks compute; one after the other, as package managers want it.
  const redis = provisionRedisProgram(sayOnStderr);
  const chromium = redis.then(() => provisionChromium(sayOnStderr));
  const containers = chromium.catch(() => {}).then(() => provisionContainers(root));
  const [failedChecks] = await Promise.all([runQuickChecks(root), Promise.allSettled([redis, chromium, containers])]);
  const env = { REDIS_BIN: await redis };
  const units = await runTests(vitest(join(reports, "vitest.json"), env), join(reports, "vitest.json"), countVitest);
  const withBrowser = { ...env, CHROMIUM_PATH: await chromium };
  const browsers = await runStories("browsers", BROWSER_CONFIG, join(reports, "playwright.json"), withBrowser);
  const compose = await runContainers(await containers, join(reports, "containers.json"), withBrowser);
  const { passed, failed } = [units, browsers, compose].reduce(addCounts, { passed: 0, failed: failedChecks });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.done : EXIT.notAchieved;
});

/** A step that fails without a failed test, or without a report, counts as one failure. */
async function runTests(step: Step, file: string, count: (text: string) => Counts): Promise<Counts> {
  const result = await runStep(step, { quiet: false });
  report(result);
  const counts = existsSync(file) ? count(readFileSync(file, "utf8")) : { passed: 0, failed: 1 };
  return result.passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function vitest(file: string, env: Record<string, string>): Step {
  const args = ["run", "--root", root, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return { name: "unit and integration", ...script(root, "vitest", "vitest.mjs", args), env };
}

function runStories(name: string, config: string, file: string, env: Record<string, string>): Promise<Counts> {
  const args = ["test", "-c", config, "--reporter=list,json"];
  const withReport = { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  return runTests({ name, ...script(root, "playwright", "cli.js", args), env: withReport }, file, countPlaywright);
}

/** Where there can be none, one line says why; docker-compose.yml itself is checked among the units. */
async function runContainers(here: ContainersHere, file: string, env: Record<string, string>): Promise<Counts> {
  if (!("missing" in here)) return runStories("containers", CONTAINER_CONFIG, file, { ...env, ...here.env });
  process.stdout.write(`--   containers (not run: ${here.missing})\n`);
  return { passed: 0, failed: 0 };
}
