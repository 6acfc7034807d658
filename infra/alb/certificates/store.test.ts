import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { leafLifeMs } from "./authority.ts";
import { openCertificateStore, renewBeforeMs } from "./store.ts";

const keep = closeAfterEach();

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "alb-certificates-"));
  keep({ close: () => rm(home, { recursive: true, force: true }) });
  return home;
}
const leafOf = async (home: string, nowMs = Date.now()) => {
  return new X509Certificate((await openCertificateStore(home, nowMs)).local.certificate);
};

test("ALB-70: the first start makes a CA and a leaf for this machine, with keys that only we may read", async () => {
  const home = await newHome();
  const leaf = await leafOf(home);
  const authority = new X509Certificate(await readFile(join(home, "ca.pem")));
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(leaf.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  expect(authority.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  for (const key of ["ca.key", "localhost.key"]) expect((await stat(join(home, key))).mode & 0o777).toBe(0o600);
});

test("ALB-70: the next start uses both again", async () => {
  const home = await newHome();
  const first = await leafOf(home);
  expect((await leafOf(home)).fingerprint256).toBe(first.fingerprint256);
});

test("ALB-70: a leaf that nears its end is made anew by the same CA", async () => {
  const home = await newHome();
  const first = await leafOf(home);
  const authority = await readFile(join(home, "ca.pem"), "utf8");
  const later = await leafOf(home, Date.now() + leafLifeMs - renewBeforeMs + 1000);
  expect(later.fingerprint256).not.toBe(first.fingerprint256);
  expect(await readFile(join(home, "ca.pem"), "utf8")).toBe(authority);
});

test("ALB-70: when the CA is missing or broken, both are made anew", async () => {
  const home = await newHome();
  const first = await leafOf(home);
  await rm(join(home, "ca.pem"));
  const second = await leafOf(home);
  expect(second.issuer).toBe(first.issuer);
  expect(second.fingerprint256).not.toBe(first.fingerprint256);
  await writeFile(join(home, "ca.pem"), "not a certificate");
  expect((await leafOf(home)).fingerprint256).not.toBe(second.fingerprint256);
});

test("ALB-70: a certificate whose key is another's is made anew", async () => {
  const home = await newHome();
  const first = await leafOf(home);
  const caBefore = await readFile(join(home, "ca.pem"), "utf8");
  await writeFile(join(home, "localhost.key"), await readFile(join(home, "ca.key"), "utf8"));
  expect((await leafOf(home)).fingerprint256).not.toBe(first.fingerprint256);
  expect(await readFile(join(home, "ca.pem"), "utf8")).toBe(caBefore);
  await writeFile(join(home, "ca.key"), await readFile(join(home, "localhost.key"), "utf8"));
  await leafOf(home);
  expect(await readFile(join(home, "ca.pem"), "utf8")).not.toBe(caBefore);
});

const namesOf = ({ certificate }: { certificate: string }) => new X509Certificate(certificate).subjectAltName;

test("ALB-70: further leaves are kept by name, used again, and made anew for other names", async () => {
  const home = await newHome();
  const store = await openCertificateStore(home, Date.now());
  const first = await store.keep("game", ["Game.test", "*.game.test", "10.0.0.1", "::1"], Date.now());
  expect(first.arn).toBe("arn:aws:acm:us-east-1:000000000000:certificate/game");
  expect(namesOf(first)).toBe("DNS:Game.test, DNS:*.game.test, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  const again = await openCertificateStore(home, Date.now());
  const same = await again.keep("game", ["Game.test", "*.game.test", "10.0.0.1", "::1"], Date.now());
  expect(same.certificate).toBe(first.certificate);
  const other = await again.keep("game", ["game.test"], Date.now());
  expect(namesOf(other)).toBe("DNS:game.test");
  expect((await stat(join(home, "game.key"))).mode & 0o777).toBe(0o600);
});

test.each([
  ["../etc", ["a.test"], "must be 1 to 64 letters"],
  ["ca", ["a.test"], "'ca' is taken"],
  ["LOCALHOST", ["a.test"], "is taken"],
  ["stickiness", ["a.test"], "is taken"],
  ["game", [], "between 1 and 100 domain names"],
  ["game", ["a..test"], "'a..test' is neither a domain name nor an IP address"],
  ["game", ["a.*.test"], "'a.*.test' is neither"],
  ["game", ["999.1.1.1"], "'999.1.1.1' is neither"],
  ["game", ["123"], "'123' is neither"],
  ["game", ["fe80::1%eth0"], "'fe80::1%eth0' is neither"],
  ["game", [`${"x".repeat(64)}.test`], "is neither"],
  ["game", ["a.test\nDNS:b.test"], "is neither"],
])("ALB-70: a certificate '%s' for %j is refused", async (name, names, sentence) => {
  const store = await openCertificateStore(await newHome(), Date.now());
  await expect(store.keep(name, names, Date.now())).rejects.toThrow(sentence);
});
