// A Redis as ElastiCache offers it, for tests: TLS only, with a password. Its certificate is made for the test and trusted by nobody else.

import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { startRedis } from "./redis-for-tests.ts";

cryptoProvider.set(webcrypto as Crypto);

const signing = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

export interface TlsRedis {
  /** rediss://, without the password. */
  url: string;
  password: string;
  /** File of the certificate, for whoever shall trust it (NODE_EXTRA_CA_CERTS). */
  certificateFile: string;
  stop(): Promise<void>;
}

export async function startTlsRedis(): Promise<TlsRedis> {
  const folder = await mkdtemp(join(tmpdir(), "redis-tls-"));
  const [certificateFile, keyFile] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const { certificate, key } = await makeCertificate();
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, key)]);
  const password = "a password with spaces, ünicode and :/?#@";
  const redis = await startRedis(undefined, (port) => [
    ...["--port", "0", "--tls-port", `${port}`, "--tls-cert-file", certificateFile, "--tls-key-file", keyFile],
    ...["--tls-ca-cert-file", certificateFile, "--tls-auth-clients", "no", "--requirepass", password],
  ]);
  return {
    url: `rediss://localhost:${redis.port}`,
    ...{ password, certificateFile },
    async stop() {
      await redis.kill();
      await rm(folder, { recursive: true });
    },
  };
}

async function makeCertificate(): Promise<{ certificate: string; key: string }> {
  const keys = (await webcrypto.subtle.generateKey(signing, true, ["sign", "verify"])) as CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: "01", name: "CN=localhost", signingAlgorithm: signing, keys },
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: certificate.toString("pem"), key };
}
