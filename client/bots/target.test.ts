import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTarget, NoTarget } from "./target.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "bots-"));
});

afterEach(() => rmSync(home, { recursive: true }));

const find = () => findTarget({ platform: "process" }, { TIDEGATE_HOME: home });

function write(stack: unknown): void {
  writeFileSync(join(home, "stack.json"), typeof stack === "string" ? stack : JSON.stringify(stack));
}

test("the running stack is found with its certificate authority", async () => {
  writeFileSync(join(home, "ca.pem"), "PEM");
  write({ alb: { https: "https://localhost:9443", ca: join(home, "ca.pem") } });
  expect(await find()).toEqual({ url: "https://localhost:9443", ca: "PEM" });
});

test("an address that was given needs no stack", async () => {
  const given = { platform: "compose", url: "https://game.example" } as const;
  expect(await findTarget(given, { TIDEGATE_HOME: home })).toEqual({ url: "https://game.example" });
  writeFileSync(join(home, "other.pem"), "OTHER");
  const ca = join(home, "other.pem");
  expect(await findTarget({ ...given, ca }, {})).toEqual({ url: "https://game.example", ca: "OTHER" });
});

test("without a stack there is one sentence that says what to do", async () => {
  await expect(find()).rejects.toThrow(new NoTarget(`No stack runs in ${home}: start one with \`npm start\`.`));
});

test.each(["", "{", "[]", "null", { alb: {} }, { alb: { https: 5, ca: 6 } }])(
  "a state file of %j is refused",
  async (stack) => {
    write(stack);
    await expect(find()).rejects.toThrow(NoTarget);
  },
);

test("a certificate authority that is gone is named", async () => {
  write({ alb: { https: "https://localhost:9443", ca: join(home, "gone.pem") } });
  await expect(find()).rejects.toThrow(/gone\.pem cannot be read/);
});

test("the containers' load balancer and its authority are told by their agent", async () => {
  expect(await askAgent({ https: "https://localhost:9443", caCertificate: "PEM", control: "" })).toEqual({
    ...{ url: "https://localhost:9443", ca: "PEM" },
  });
  await expect(askAgent({ code: "internal" })).rejects.toThrow("does not name a load balancer");
  await expect(askAgent(null)).rejects.toThrow("does not name a load balancer");
});

test("without containers there is one sentence that says what to do", async () => {
  const asking = findTarget({ platform: "compose" }, { AGENT_PORT: "1" });
  const sentence = "No stack runs at http://127.0.0.1:1: start one with `docker compose up --build`.";
  await expect(asking).rejects.toThrow(new NoTarget(sentence));
});

/** What is found where an agent answers so. */
async function askAgent(answer: unknown) {
  const agent = createServer((_, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = agent.address() as AddressInfo;
    return await findTarget({ platform: "compose" }, { AGENT_PORT: `${port}` });
  } finally {
    agent.close();
  }
}
