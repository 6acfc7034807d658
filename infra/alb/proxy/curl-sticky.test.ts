import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group } from "../testing/fixtures.ts";
import { namedTarget } from "../testing/named-target.ts";
import { localTarget, startPlane } from "../testing/plane.ts";

const keep = closeAfterEach();
const run = promisify(execFile);
const hasCurl = (() => {
  try {
    execFileSync("curl", ["--version"]);
    return true;
  } catch {
    // Not on this machine: the test is skipped.
    return false;
  }
})();

test.skipIf(!hasCurl)(
  "ALB-62: curl's own cookie jar keeps it at its target, and shows what the cookies say",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "alb-curl-"));
    keep({ close: () => rm(directory, { recursive: true, force: true }) });
    const targets = [keep(await namedTarget("one")), keep(await namedTarget("two")), keep(await namedTarget("three"))];
    const groups = [
      group(
        "g",
        targets.map((each) => localTarget(each.port)),
        { "stickiness.enabled": "true" },
      ),
    ];
    const plane = keep(await startPlane({ groups, defaultAction: forwardTo(["g", 1]) }));
    const jar = join(directory, "jar");
    const url = `http://127.0.0.1:${plane.port}/`;
    const names = new Set<string>();
    for (let i = 0; i < 6; i++) {
      names.add((await run("curl", ["-sS", "--max-time", "10", "-b", jar, "-c", jar, url])).stdout);
    }
    expect(names.size).toBe(1);
    const kept = (await readFile(jar, "utf8")).split("\n").flatMap((line) => {
      const [, , path, secure, expires, name] = line.split("\t");
      return name ? [{ path, secure, days: Math.round((Number(expires) - Date.now() / 1000) / 86_400), name }] : [];
    });
    expect(kept.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { path: "/", secure: "FALSE", days: 7, name: "AWSALB" },
      { path: "/", secure: "FALSE", days: 7, name: "AWSALBCORS" },
    ]);
  },
);
