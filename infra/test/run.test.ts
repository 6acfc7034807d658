// run.mjs, in a repository of its own with an npm of its own and the real tsx.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
// @ts-expect-error: plain JavaScript, since it runs before TypeScript is installed
import { installIsCurrent, refuseNode, signalFilter } from "../run.mjs";
import { repositoryRoot } from "../stack/environment.ts";

const LOCK = { packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository in which `npm ci` is a script that counts its calls, and installs or fails as told. */
function makeRepository(npm: "installs" | "fails" | "hangs" = "installs"): string {
  const root = mkdtempSync(join(tmpdir(), "tidegate-run-"));
  folders.push(root);
  mkdirSync(join(root, "infra"));
  mkdirSync(join(root, "node_modules"));
  for (const file of ["run.mjs", "follow-parent.mjs"]) {
    copyFileSync(join(repositoryRoot, "infra", file), join(root, "infra", file));
  }
  symlinkSync(join(repositoryRoot, "node_modules", "tsx"), join(root, "node_modules", "tsx"));
  writeFileSync(join(root, "package.json"), '{"type": "module"}');
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(LOCK));
  const behaviour = {
    installs: `setTimeout(() => fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json"), 300);`,
    fails: `console.error("npm error code E404"); process.exitCode = 1;`,
    hangs: `setInterval(() => {}, 1000);`,
  };
  const npmScript = `const fs = require("node:fs"); fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n"); ${behaviour[npm]}`;
  writeFileSync(join(root, "npm-cli.cjs"), npmScript);
  return root;
}

interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exit: Promise<number>;
}

function start(root: string, script: string, args: string[] = []): Started {
  writeFileSync(join(root, "script.ts"), script);
  const { npm_lifecycle_event: _, TIDEGATE_SKIP_INSTALL: __, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, "infra/run.mjs"), "script.ts", ...args], {
    cwd: tmpdir(),
    env: { ...env, npm_execpath: join(root, "npm-cli.cjs"), TIDEGATE_HOME: join(root, "home") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const exit = once(child, "close").then(([code]) => code as number);
  return { child, stdout: () => stdout, stderr: () => stderr, exit };
}

const npmCalls = (root: string): string[] =>
  existsSync(join(root, "npm-calls")) ? readFileSync(join(root, "npm-calls"), "utf8").trim().split("\n") : [];

test.each(["v18.20.4", "v20.18.3", "v14.0.0"])("Node %s is refused with one sentence", (version) => {
  expect(refuseNode(version)).toBe(
    `Tidegate needs Node 20.19 or newer, and this is ${version}: install a current one from https://nodejs.org.`,
  );
});

test.each(["v20.19.0", "v22.1.0", "v24.0.0-pre"])("Node %s is accepted", (version) => {
  expect(refuseNode(version)).toBeUndefined();
});

test("an installation is current when it has every package of the lockfile in the same version, optional ones aside", () => {
  const lock = { packages: { ...LOCK.packages, "node_modules/other-os": { version: "1.0.0", optional: true } } };
  const installed = {
    packages: { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" }, "node_modules/b": {} },
  };
  expect(installIsCurrent(lock, installed)).toBe(true);
  expect(installIsCurrent(lock, undefined)).toBe(false);
  expect(installIsCurrent(lock, { packages: {} })).toBe(false);
  expect(installIsCurrent(lock, { packages: { "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } } })).toBe(
    false,
  );
  expect(installIsCurrent(lock, { packages: { "node_modules/a": { version: "1.0.0", integrity: "sha512-b" } } })).toBe(
    false,
  );
});

test("a signal that arrives twice within a moment is passed on once, and a later one again", () => {
  let nowMs = 0;
  const isNew = signalFilter(() => nowMs, 200);
  expect(isNew()).toBe(true);
  nowMs = 100;
  expect(isNew()).toBe(false);
  nowMs = 250;
  expect(isNew()).toBe(true);
});

test("dependencies are installed once, a second run needs no npm, and the script gets arguments and passes its exit code on", async () => {
  const root = makeRepository();
  const script = "process.stdout.write(process.argv.slice(2).join(' ')); process.exitCode = 7 as number;";
  const first = start(root, script, ["--servers", "2"]);
  expect(await first.exit).toBe(7);
  expect(first.stdout()).toBe("--servers 2");
  expect(first.stderr()).toContain("Installing the dependencies (npm ci) ...");
  expect(await start(root, script).exit).toBe(7);
  expect(npmCalls(root)).toEqual(["ci --include=dev --no-audit --no-fund --loglevel=error --progress=false"]);
});

test("two at the same time install once", async () => {
  const root = makeRepository();
  const script = "process.exitCode = 0;";
  const both = [start(root, script), start(root, script)];
  expect(await Promise.all(both.map((one) => one.exit))).toEqual([0, 0]);
  expect(npmCalls(root)).toHaveLength(1);
});

test("the lock of a process that is gone does not stop an installation", async () => {
  const root = makeRepository();
  const { child, exit } = start(root, "process.exitCode = 0;");
  await exit;
  rmSync(join(root, "node_modules/.package-lock.json"));
  writeFileSync(join(root, ".tidegate/install.lock"), String(child.pid));
  expect(await start(root, "process.exitCode = 0;").exit).toBe(0);
  expect(npmCalls(root)).toHaveLength(2);
});

test("a failed installation shows what npm says and one sentence, and the script does not run", async () => {
  const root = makeRepository("fails");
  const run = start(root, "process.stdout.write('ran');");
  expect(await run.exit).toBe(1);
  expect(run.stdout()).toBe("");
  expect(run.stderr()).toContain("npm error code E404");
  expect(run.stderr()).toContain("Cannot install the dependencies: npm ci ended with 1");
  expect(existsSync(join(root, ".tidegate/install.lock"))).toBe(false);
});

test("an interrupted installation leaves no lock behind", async () => {
  const root = makeRepository("hangs");
  const run = start(root, "process.stdout.write('ran');");
  await until(() => npmCalls(root).length === 1);
  run.child.kill("SIGINT");
  expect(await run.exit).toBe(130);
  expect(existsSync(join(root, ".tidegate/install.lock"))).toBe(false);
});

test.each([
  ["is interrupted", "hangs", 130],
  ["comes to its end", "installs", 0],
] as const)(
  "an installation that was held up, lost its lock to another one and %s leaves that one's alone",
  async (_, npm, code) => {
    const root = makeRepository(npm);
    const lock = join(root, ".tidegate/install.lock");
    const run = start(root, "process.exitCode = 0;");
    await until(() => npmCalls(root).length === 1);
    writeFileSync(lock, String(process.pid));
    if (npm === "hangs") run.child.kill("SIGINT");
    expect(await run.exit).toBe(code);
    expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  },
);

const COUNTS_SIGNALS = `
  let count = 0;
  process.on("SIGINT", () => {
    count += 1;
    if (count > 1) return;
    setTimeout(() => { process.stdout.write("signals " + count); process.exit(3); }, 400);
  });
  setInterval(() => {}, 1000);
  process.stdout.write("up ");
`;

test("a key press that arrives twice reaches the script once, and its exit code is passed on", async () => {
  const root = makeRepository();
  const run = start(root, COUNTS_SIGNALS);
  await until(() => run.stdout() === "up ");
  run.child.kill("SIGINT");
  run.child.kill("SIGINT");
  expect(await run.exit).toBe(3);
  expect(run.stdout()).toBe("up signals 1");
});

test("a script that dies of a signal gives 128 and the signal's number", async () => {
  const root = makeRepository();
  const run = start(root, "process.kill(process.pid, 'SIGKILL');");
  expect(await run.exit).toBe(137);
});

test("when run.mjs is killed, the script is ended as well", async () => {
  const root = makeRepository();
  const run = start(root, `process.stdout.write(String(process.pid)); setInterval(() => {}, 1000);`);
  await until(() => /^\d+$/.test(run.stdout()));
  run.child.kill("SIGKILL");
  const pid = Number(run.stdout());
  await until(() => !isAlive(pid));
  expect(isAlive(pid)).toBe(false);
});

test("temporary files go into the home", async () => {
  const root = mkdtempSync("/tmp/tg-");
  folders.push(root);
  const repository = makeRepository();
  const script = "process.stdout.write(process.env.TMPDIR ?? '');";
  writeFileSync(join(repository, "script.ts"), script);
  const child = spawn(process.execPath, [join(repository, "infra/run.mjs"), "script.ts"], {
    env: { ...process.env, npm_execpath: join(repository, "npm-cli.cjs"), TIDEGATE_HOME: root },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  await once(child, "close");
  expect(stdout).toBe(join(root, "tmp"));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // gone
  }
}

/** Looks until it is so; the test's own time limit ends a wait that never does. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
