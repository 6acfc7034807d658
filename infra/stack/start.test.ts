// The commands as processes, where they refuse: one sentence on stderr, the right exit code, nothing left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDeployment } from "./deployment-lock.ts";
import { repositoryRoot } from "./environment.ts";
import { describeHome } from "./home.ts";
import { freePort } from "./ports.ts";
import { processIdentity } from "./process-identity.ts";
import { typescriptArguments } from "./typescript.ts";

let home: string;
let ports: Record<string, string>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tg-"));
  ports = {
    HTTPS_PORT: String(await freePort()),
    HTTP_PORT: String(await freePort()),
    CONTROL_PORT: String(await freePort()),
    AGENT_PORT: String(await freePort()),
  };
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(script: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...typescriptArguments(repositoryRoot, `infra/stack/${script}`), ...args], {
    env: {
      ...process.env,
      ...ports,
      TIDEGATE_HOME: home,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code: code as number, ...output };
}

test.each([
  ["start.ts", ["--nonsense"], "npm start: unknown option '--nonsense' (--help lists what is possible).\n"],
  [
    "start.ts",
    ["more"],
    "npm start: too many arguments. Expected 0 arguments but got 1. (--help lists what is possible).\n",
  ],
  [
    "start.ts",
    ["--version", "a b"],
    '--version is "a b": it must be up to 64 letters, digits, dots, dashes or underscores.\n',
  ],
  ["start.ts", ["--max", "4"], "--min, --max and --players-per-server mean something with --autoscale only.\n"],
  ["start.ts", ["--autoscale", "--min", "3", "--max", "2"], "--min is 3, and --max 2: the most must not be below.\n"],
  ["start.ts", ["--regions", "eu,mars"], 'Cannot use these regions: "mars" is none of eu, us, sa, ap, au.\n'],
  ["kill.ts", [], "npm run kill: missing required argument 'id' (--help lists what is possible).\n"],
])("%s with %j is wrong usage, told in one sentence", async (script, args, sentence) => {
  expect(await run(script, args)).toEqual({ code: 2, stdout: "", stderr: sentence });
});

test.each([
  ["start.ts", ["--servers", "0"]],
  ["start.ts", ["--servers", "three"]],
  ["scale.ts", ["33"]],
])("%s with %j is wrong usage: a whole number from 1 to 32 is needed", async (script, args) => {
  const { code, stderr } = await run(script, args);
  expect(code).toBe(2);
  expect(stderr).toContain("It must be a whole number from 1 to 32.");
});

test("a bad environment variable is wrong usage", async () => {
  const { code, stderr } = await run("start.ts", [], { HTTPS_PORT: "https" });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'The environment variable HTTPS_PORT is "https": it must be a port from 1 to 65535.\n',
  });
});

test("a port in use is named with the variable to change, and the home is free again", async () => {
  const server = createServer().listen(Number(ports.HTTP_PORT), "127.0.0.1");
  await once(server, "listening");
  const { code, stderr } = await run("start.ts", []);
  server.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${ports.HTTP_PORT} is in use already: set HTTP_PORT to another one.\n`);
  expect(existsSync(join(home, "processes.json"))).toBe(false);
});

test("a port of a further region that is in use is named, and the first region's home is free again", async () => {
  const taken = Number(ports.HTTPS_PORT) + 100;
  const server = createServer().listen(taken, "127.0.0.1");
  await once(server, "listening");
  const { code, stderr } = await run("start.ts", ["--regions", "eu,us"]);
  server.close();
  expect(code).toBe(1);
  expect(stderr).toBe(
    `Port ${taken} of region us is in use already: choose another HTTPS_PORT, 100 below a free one.\n`,
  );
  for (const folder of [home, join(home, "regions", "us")])
    expect(existsSync(join(folder, "processes.json"))).toBe(false);
});

test("a home in which a stack runs is refused", async () => {
  const supervisor = { name: "supervisor", pid: process.pid, identity: processIdentity(process.pid) };
  writeFileSync(join(home, "processes.json"), JSON.stringify({ supervisor, children: [] }));
  const { code, stderr } = await run("start.ts", []);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^A stack already runs in .*: end it first, or set TIDEGATE_HOME/);
  expect(existsSync(join(home, "processes.json"))).toBe(true);
});

test.each([
  ["status.ts", []],
  ["kill.ts", ["s1"]],
  ["scale.ts", ["2"]],
])("%s without a running stack says so", async (script, args) => {
  const { code, stderr } = await run(script, args);
  expect({ code, stderr }).toEqual({ code: 1, stderr: `No stack runs in ${home}: start one with \`npm start\`.\n` });
});

test.each([
  ["status.ts", []],
  ["kill.ts", ["s1"]],
  ["scale.ts", ["2"]],
])("%s says how to start the containers when they do not run", async (script, args) => {
  const { code, stderr } = await run(script, [...args, "--platform", "compose"]);
  const sentence = `No stack runs at http://127.0.0.1:${ports.AGENT_PORT}: start one with \`docker compose up --build\`.\n`;
  expect({ code, stderr }).toEqual({ code: 1, stderr: sentence });
});

test("while a deploy runs the number of servers stays as it is", async () => {
  const release = claimDeployment(describeHome(home));
  const { code, stderr } = await run("scale.ts", ["2"]);
  release();
  expect({ code, stderr }).toEqual({ code: 1, stderr: "A deploy is under way: scale when it has ended.\n" });
});

test("--help goes to stdout and is no failure", async () => {
  const { code, stdout, stderr } = await run("start.ts", ["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("--servers <count>");
});
