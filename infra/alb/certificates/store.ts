// Certificates that listeners may name, by ARN. Kept in a directory: the local CA and one leaf for this machine are
// made at the first start and used again until the leaf nears its end or does not belong to the CA.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateArn } from "../model/arns.ts";
import { makeAuthority, makeLeaf, type Pem } from "./authority.ts";

export interface Certificate extends Pem {
  readonly arn: string;
}

/** What the control API and the TLS side need to know of certificates. */
export interface CertificateStore {
  readonly caPath: string;
  readonly defaultArn: string;
  get(arn: string): Certificate | undefined;
}

const localNames = ["localhost", "127.0.0.1", "::1"];
/** A leaf with less than this left is made anew at the start. */
export const renewBeforeMs = 30 * 86_400_000;

export async function openCertificateStore(directory: string, nowMs: number): Promise<CertificateStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = await readOrMake(
    directory,
    "ca",
    (found) => stillGood(found, nowMs),
    () => makeAuthority(nowMs),
  );
  const leaf = await readOrMake(
    directory,
    "localhost",
    (found) => stillGood(found, nowMs) && issuedBy(found, authority),
    () => makeLeaf(authority, localNames, nowMs),
  );
  const arn = certificateArn("localhost");
  const certificates = new Map([[arn, { arn, ...leaf }]]);
  return { caPath: join(directory, "ca.pem"), defaultArn: arn, get: (wanted) => certificates.get(wanted) };
}

async function readOrMake(
  directory: string,
  name: string,
  good: (found: Pem) => boolean,
  make: () => Promise<Pem>,
): Promise<Pem> {
  const path = join(directory, `${name}.pem`);
  const keyPath = join(directory, `${name}.key`);
  const found = await readPem(path, keyPath);
  if (found && good(found)) return found;
  const made = await make();
  await replaceFile(keyPath, made.key, 0o600);
  await replaceFile(path, made.certificate, 0o644);
  return made;
}

async function readPem(path: string, keyPath: string): Promise<Pem | undefined> {
  try {
    const pem = { certificate: await readFile(path, "utf8"), key: await readFile(keyPath, "utf8") };
    await chmod(keyPath, 0o600);
    return pem;
  } catch {
    // Missing or unreadable: made anew, which fails with a clear error if the directory is the trouble.
    return undefined;
  }
}

function stillGood(pem: Pem, nowMs: number): boolean {
  try {
    const x509 = new X509Certificate(pem.certificate);
    // Certificate and key are two files: a crash between their writing leaves two that do not fit.
    return Date.parse(x509.validTo) - nowMs > renewBeforeMs && x509.checkPrivateKey(createPrivateKey(pem.key));
  } catch {
    // Not a certificate, or not a key.
    return false;
  }
}

const issuedBy = (leaf: Pem, authority: Pem) =>
  new X509Certificate(leaf.certificate).verify(new X509Certificate(authority.certificate).publicKey);

async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, content, { mode });
  await rename(draft, path);
}
