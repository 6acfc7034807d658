import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cryptoProvider, PemConverter, X509CertificateGenerator } from "@peculiar/x509";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Worker } from "../common/worker.ts";
import type { ProxyCalls, TargetPorts } from "./worker-protocol.ts";

const LIMIT_MS = 15_000;
const folder = mkdtempSync(join(tmpdir(), "bench-"));
let generator: Worker<ProxyCalls>;
let target: Worker<ProxyCalls>;
let ports: TargetPorts;

beforeAll(async () => {
  const files = await writeCertificate();
  generator = new Worker<ProxyCalls>("bench/proxy/generator.ts");
  target = new Worker<ProxyCalls>("bench/proxy/target.ts");
  ports = await target.ask("listen", { rate: 100, ...files }, LIMIT_MS);
});

afterAll(async () => {
  await Promise.all([generator?.close(), target?.close()]);
  rmSync(folder, { recursive: true });
});

async function writeCertificate() {
  cryptoProvider.set(webcrypto as Crypto);
  const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = (await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: "CN=bench", signingAlgorithm, keys });
  const files = { certificateFile: join(folder, "leaf.pem"), keyFile: join(folder, "leaf.key") };
  writeFileSync(files.certificateFile, certificate.toString("pem"));
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  writeFileSync(files.keyFile, PemConverter.encode(key, "PRIVATE KEY"));
  return files;
}

const tallies = () =>
  Promise.all([generator.ask("tally", undefined, LIMIT_MS), target.ask("tally", undefined, LIMIT_MS)]);

test.each(["plain", "tls"] as const)("over %s, each side counts and times what the other sends", async (transport) => {
  await generator.ask("begin", undefined, LIMIT_MS);
  await target.ask("begin", undefined, LIMIT_MS);
  await generator.ask("open", { port: ports[transport], transport, sockets: 5, rate: 100 }, LIMIT_MS);
  await expect
    .poll(async () => (await tallies()).every(({ received }) => received >= 50), { timeout: LIMIT_MS })
    .toBe(true);
  const [clients, servers] = await tallies();
  expect([clients.sockets, servers.sockets]).toEqual([5, 5]);
  expect(clients.sent).toBeGreaterThanOrEqual(50);
  for (const { latency } of [clients, servers]) {
    expect(latency.p50Us).toBeGreaterThan(0);
    expect(latency.p99Us).toBeGreaterThanOrEqual(latency.p50Us);
  }
  await generator.ask("close", undefined, LIMIT_MS);
  await expect.poll(async () => (await tallies()).map(({ sockets }) => sockets), { timeout: LIMIT_MS }).toEqual([0, 0]);
});

test.each(["handshakes", "requests"] as const)(
  "%s are made one after another in each lane, and counted",
  async (part) => {
    const { done, failed } = await generator.ask(
      part,
      { port: ports.plain, transport: "plain", lanes: 2, ms: 300 },
      LIMIT_MS,
    );
    expect(done).toBeGreaterThan(0);
    expect(failed).toBe(0);
  },
);

test("a loop whose server is not there fails with the reason", async () => {
  const nobody = { port: 1, transport: "plain" as const, lanes: 2, ms: 300 };
  const loop = await generator.ask("requests", nobody, LIMIT_MS);
  expect(loop).toMatchObject({ done: 0, failed: 2 });
  expect(loop.failure).toContain("ECONNREFUSED");
});

test("an answer that does not come in time is an error", async () => {
  const slow = { port: ports.plain, transport: "plain" as const, lanes: 1, ms: 500 };
  await expect(generator.ask("requests", slow, 20)).rejects.toThrow('the generator did not answer "requests" in 20 ms');
});
