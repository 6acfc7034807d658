import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeAfterEach } from "./testing/cleanup.ts";
import { freePort } from "./testing/free-port.ts";

const keep = closeAfterEach();

function run(...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, [process.env.TEST_ALB_PROGRAM!, ...flags], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
  });
  keep({ close: () => child.kill("SIGKILL") });
  let stdout = "";
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const firstLine = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk;
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  /** Resolves once both outputs together hold the text. */
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if ((stdout + stderr).includes(text)) resolve();
      };
      child.stdout?.on("data", look);
      child.stderr?.on("data", look);
      look();
    });
  return { child, firstLine, exit, until, output: () => ({ stdout, stderr }) };
}

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "alb-main-"));
  keep({ close: () => rm(home, { recursive: true, force: true }) });
  return home;
}

test("the process says one line of JSON when it is ready, and SIGTERM ends it", async () => {
  const home = await newHome();
  const alb = run("--home", home, "--control-port", "0");
  const ready = JSON.parse(await alb.firstLine);
  expect(ready).toEqual({
    event: "ready",
    control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ca: join(home, "tls", "ca.pem"),
    certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/localhost",
  });
  expect(await readFile(ready.ca, "utf8")).toContain("BEGIN CERTIFICATE");
  expect(await (await fetch(`${ready.control}/healthz`)).text()).toBe("ok\n");
  expect(await (await fetch(`${ready.control}/ca.pem`)).text()).toBe(await readFile(ready.ca, "utf8"));
  alb.child.kill("SIGTERM");
  expect(await alb.exit).toBe(0);
});

test("a control port that is in use is one sentence and exit code 1", async () => {
  const taken = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
  keep({ close: () => taken.close() });
  const alb = run("--home", await newHome(), "--control-port", String(port));
  expect(await alb.exit).toBe(1);
  expect(alb.output()).toEqual({
    stdout: "",
    stderr: `The control port 127.0.0.1:${port} is in use; choose another with --control-port.\n`,
  });
});

test("a wrong flag is one sentence and exit code 2", async () => {
  const alb = run("--home", await newHome(), "--colour", "red");
  expect(await alb.exit).toBe(2);
  expect(alb.output()).toEqual({ stdout: "", stderr: "error: unknown option '--colour'\n" });
});

const declared = (port: number, more = "") =>
  "LoadBalancers:\n  - Name: lb\n    Listeners:\n" +
  `      - { Protocol: HTTP, Port: ${port}, DefaultActions: [{ Type: forward, TargetGroupName: app }] }\n` +
  `TargetGroups:\n  - { Name: app, Protocol: HTTP, Port: 3000, Targets: [{ Id: 127.0.0.1 }] ${more}}\n`;

/** A config file and a home. */
async function withConfig(text: string) {
  const home = await newHome();
  const path = join(home, "alb.yaml");
  await writeFile(path, text);
  return { home, path, flags: ["--config", path, "--home", home, "--control-port", "0"] };
}

test("ALB-112: with a config file the start says what listens, and SIGHUP puts the file in force again", async () => {
  const [port, other] = [await freePort(), await freePort()];
  const { path, flags } = await withConfig(declared(port));
  const alb = run(...flags);
  await alb.until("Ctrl-C ends it.");
  expect(alb.output().stdout).toContain(`  http://localhost:${port}  → app\n`);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
  await writeFile(path, declared(other));
  alb.child.kill("SIGHUP");
  await alb.until(`listener ${other} added, listener ${port} removed.`);
  expect((await fetch(`http://127.0.0.1:${other}/`)).status).toBe(503);
  await writeFile(path, declared(other, ", Colour: red"));
  alb.child.kill("SIGHUP");
  await alb.until("everything stays as it was.");
  expect(alb.output().stderr).toContain(
    `${path}:6: TargetGroups[0].Colour: ValidationError: Unknown parameter 'Colour'.`,
  );
  expect((await fetch(`http://127.0.0.1:${other}/`)).status).toBe(503);
  alb.child.kill("SIGTERM");
  expect(await alb.exit).toBe(0);
});

test("ALB-116: --json says the line for programs also with a config file", async () => {
  const { flags } = await withConfig(declared(await freePort()));
  const alb = run(...flags, "--json");
  expect(JSON.parse(await alb.firstLine)).toMatchObject({ event: "ready" });
});

test("ALB-116: --check starts nothing and ends with 0 for a good file, with 2 and the place for a wrong one", async () => {
  const good = await withConfig(declared(1));
  const checked = run(...good.flags, "--check");
  expect(await checked.exit).toBe(0);
  expect(checked.output().stdout).toBe(`${good.path} is good: listeners 1, rules 0, target groups 1.\n`);
  const wrong = await withConfig(declared(1).replace("forward", "forwards"));
  const refused = run(...wrong.flags, "--check");
  expect(await refused.exit).toBe(2);
  expect(refused.output().stderr).toMatch(
    /alb\.yaml:4: LoadBalancers\[0\]\.Listeners\[0\]\.DefaultActions\[0\]\.Type: /,
  );
});

test("ALB-116: a wrong file ends the start with 2, a port that is in use with 1", async () => {
  const missing = run("--config", "/nowhere/alb.yaml", "--control-port", "0");
  expect(await missing.exit).toBe(2);
  expect(missing.output().stderr).toContain("/nowhere/alb.yaml:1: It cannot be read: ENOENT");
  const taken = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
  keep({ close: () => taken.close() });
  const { path, flags } = await withConfig(declared(port));
  const alb = run(...flags);
  expect(await alb.exit).toBe(1);
  expect(alb.output().stderr).toBe(
    `${path}:4: LoadBalancers[0].Listeners[0].Port: Address 127.0.0.1:${port} is in use.\n`,
  );
});

test("ALB-116: two logs in one file, by flag or by config, end the start with 2", async () => {
  const { path, flags } = await withConfig(`${declared(1)}Logs: { AccessLog: all.log }\n`);
  const file = join(path, "..", "all.log");
  const alb = run(...flags, "--connection-log", file);
  expect(await alb.exit).toBe(2);
  expect(alb.output()).toEqual({ stdout: "", stderr: `error: two logs cannot be in the same file, ${file}\n` });
});

test("a log that cannot be written ends the start with 1", async () => {
  const home = await newHome();
  const alb = run("--home", home, "--control-port", "0", "--access-log", home);
  expect(await alb.exit).toBe(1);
  expect(alb.output().stderr).toBe(
    `The load balancer cannot start: EISDIR: illegal operation on a directory, open '${home}'\n`,
  );
});
