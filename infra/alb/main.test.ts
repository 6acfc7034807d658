import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeAfterEach } from "./testing/cleanup.ts";
import { freePort } from "./testing/free-port.ts";

const keep = closeAfterEach();

function run(...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", "infra/alb/main.ts", ...flags], {
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
  return { child, firstLine, exit, output: () => ({ stdout, stderr }) };
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
