import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runToEnd } from "../../provision/program.ts";

const guard = fileURLToPath(new URL("loopback-only.mjs", import.meta.url));
const server = createServer((_request, response) => response.end("here"));

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** What a script says in a process of its own that has the guard. */
async function guarded(script: string): Promise<string> {
  const args = ["--import", guard, "--input-type=module", "--eval", script];
  return (await runToEnd(process.execPath, args, { timeoutMs: 60_000 })).output;
}

test("this machine is reached", async () => {
  const { port } = server.address() as AddressInfo;
  const script = `console.log(await (await fetch("http://127.0.0.1:${port}/")).text())`;
  expect(await guarded(script)).toContain("here");
});

// Addresses of documentation, and a name of nobody: without the guard these would wait for an answer or fail otherwise.
test.each([
  ["fetch", `await fetch("http://192.0.2.1/")`],
  ["a request of node:https", `(await import("node:https")).get("https://sts.invalid/")`],
  ["a plain socket", `(await import("node:net")).connect(80, "192.0.2.1")`],
  ["a socket with options", `(await import("node:net")).connect({ host: "2001:db8::1", port: 80 })`],
  ["TLS", `(await import("node:tls")).connect(443, "192.0.2.1")`],
  ["a name", `(await import("node:dns")).lookup("aws.invalid", () => {})`],
])("%s that would leave it is refused", async (_title, script) => {
  const wait = "await new Promise((resolve) => setTimeout(resolve, 200));";
  expect(await guarded(`try { ${script}; ${wait} } catch (error) { console.log(error, error.cause) }`)).toContain(
    "A rehearsal stays on this machine",
  );
});
