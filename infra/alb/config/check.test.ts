import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkState } from "../alb.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { checkConfigFile } from "./check.ts";
import { parseConfig, readConfigFile } from "./config-file.ts";

const examples = join(import.meta.dirname, "../examples");
const deps = { clock: new VirtualClock(Date.now()), check: checkState, fastHealthChecks: false };

test.each(readdirSync(examples))("ALB-116: the example %s is good", async (name) => {
  const { listeners } = await checkConfigFile(await readConfigFile(join(examples, name)), deps);
  expect(listeners.size).toBeGreaterThan(0);
});

test("ALB-116: the file that the documentation shows first is the smallest example", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/alb-config.md"), "utf8");
  const shown = /```yaml\n([\s\S]*?)```/.exec(page)?.[1];
  expect(shown).toBe(readFileSync(join(examples, "smallest.yaml"), "utf8"));
});

test("ALB-116: what the API allows only with fast health checks is refused without them", async () => {
  const text = readFileSync(join(examples, "smallest.yaml"), "utf8").replace(
    "Port: 3000",
    "Port: 3000\n    HealthCheckIntervalSeconds: 1\n    HealthCheckTimeoutSeconds: 1",
  );
  const file = parseConfig(text, examples);
  await expect(checkConfigFile(file, deps)).rejects.toThrow(/TargetGroups\[0\]: ValidationError: .*interval/);
  const { targetGroups } = await checkConfigFile(file, { ...deps, fastHealthChecks: true });
  expect(targetGroups.size).toBe(1);
});
