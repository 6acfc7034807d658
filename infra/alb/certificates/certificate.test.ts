import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { leafLifeMs, makeAuthority, makeLeaf } from "./authority.ts";
import { readCertificate } from "./certificate.ts";
import { factsOf } from "./facts.ts";

const nowMs = Date.now();
const authority = await makeAuthority(nowMs);
const leaf = await makeLeaf(authority, ["a.test", "*.a.test"], nowMs);
const other = await makeLeaf(authority, ["b.test"], nowMs, "RSA_2048");
const good = { arn: "arn:x", origin: "imported", ...leaf } as const;

test("ALB-74: a certificate is taken with its chain, wherever the chain stands", () => {
  const chained = `${leaf.certificate}\n${authority.certificate}`;
  const apart = readCertificate({ ...good, chain: authority.certificate }, nowMs);
  expect(apart.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(readCertificate({ ...good, certificate: chained }, nowMs)).toEqual(apart);
  expect(readCertificate({ ...good, certificate: `some words\n${leaf.certificate}` }, nowMs).certificate).toMatch(
    /^-----/,
  );
});

test.each([
  ["text that is no PEM", { certificate: "hello" }, "The certificate is not a PEM-encoded X.509 certificate"],
  [
    "PEM that is no certificate",
    { certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
    "The certificate is not a PEM-encoded X.509 certificate",
  ],
  ["a chain that is none", { chain: "hello" }, "The certificate chain holds no certificate"],
  ["another certificate's key", { key: other.key }, "The private key does not belong to the certificate"],
  ["a key that is none", { key: "hello" }, "The private key is not a PEM-encoded key without a passphrase"],
  [
    "a key with a passphrase",
    {
      key: generateKeyPairSync("ec", {
        namedCurve: "P-256",
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" },
      }).privateKey,
    },
    "without a passphrase",
  ],
  ["too much text", { certificate: "x".repeat(65_537) }, "The certificate is longer than 65536 bytes"],
])("ALB-74: %s is refused with a sentence", (_title, change, sentence) => {
  expect(() => readCertificate({ ...good, ...change }, nowMs)).toThrow(
    expect.objectContaining({ code: "ValidationError", message: expect.stringContaining(sentence) }),
  );
});

test("ALB-74: a certificate that has ended or not begun is refused", () => {
  expect(() => readCertificate(good, nowMs + leafLifeMs + 1_000)).toThrow("has expired on");
  expect(() => readCertificate(good, nowMs - leafLifeMs)).toThrow("is not valid before");
});

test("ALB-74: the facts of a certificate are in ACM's words", () => {
  expect(factsOf(leaf.certificate)).toMatchObject({
    ...{ domain: "a.test", names: ["a.test", "*.a.test"], subject: "CN=a.test" },
    ...{ keyAlgorithm: "EC_prime256v1", signatureAlgorithm: "SHA256WITHECDSA" },
    serial: expect.stringMatching(/^04(:[0-9a-f]{2}){15}$/),
    issuer: expect.stringMatching(/^CN=Tidegate local CA/),
  });
  expect(factsOf(other.certificate).keyAlgorithm).toBe("RSA_2048");
});
