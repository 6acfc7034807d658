// The directory of certificates: a local CA, made at the first start, and the leaves that it signs. Leaves are used again
// until they near their end or do not fit. Which certificates listeners may name stands in the model, not here.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { limits } from "../limits.ts";
import { certificateArn } from "../model/arns.ts";
import { invalid } from "../model/errors.ts";
import type { Certificate } from "../model/types.ts";
import { type KeyAlgorithm, makeAuthority, makeLeaf, type Pem } from "./authority.ts";
import { readCertificate } from "./certificate.ts";

export interface CertificateStore {
  readonly caPath: string;
  /** PEM of the CA, which clients must trust. */
  readonly ca: string;
  /** For `localhost`, `127.0.0.1` and `::1`. */
  readonly local: Certificate;
  readonly defaultArn: string;
  /** A new leaf for DNS names or IP addresses, signed by the local CA; kept nowhere. */
  issue(arn: string, names: readonly string[], nowMs: number, algorithm?: KeyAlgorithm): Promise<Certificate>;
  /**
   * The leaf that is kept in the directory as `name`, made anew when it is missing, near its end or for other names.
   * Its ARN is `…:certificate/<name>`. Throws a ValidationError on a name or a domain that cannot be.
   */
  keep(name: string, names: readonly string[], nowMs: number): Promise<Certificate>;
}

const localName = "localhost";
const localNames = [localName, "127.0.0.1", "::1"];
/** `stickiness.key` of the same directory is no certificate's (seal-key.ts). */
const takenNames = ["ca", localName, "stickiness"];
/** A leaf with less than this left is made anew. */
export const renewBeforeMs = 30 * 86_400_000;

export async function openCertificateStore(directory: string, nowMs: number): Promise<CertificateStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = await readOrMake(
    directory,
    "ca",
    (found) => stillGood(found, nowMs),
    () => makeAuthority(nowMs),
  );
  const leaf = async (name: string, names: readonly string[], atMs: number) => {
    const pem = await readOrMake(
      directory,
      name,
      (found) => stillGood(found, atMs) && issuedBy(found, authority) && namesOf(found) === namesOf({ names }),
      () => makeLeaf(authority, names, atMs),
    );
    return readCertificate({ arn: certificateArn(name), origin: "issued", ...pem }, atMs);
  };
  const local = await leaf(localName, localNames, nowMs);
  return {
    ...{ caPath: join(directory, "ca.pem"), ca: authority.certificate, local, defaultArn: local.arn },
    async issue(arn, names, atMs, algorithm) {
      checkNames(names);
      return readCertificate({ arn, origin: "issued", ...(await makeLeaf(authority, names, atMs, algorithm)) }, atMs);
    },
    async keep(name, names, atMs) {
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
        throw invalid(`Certificate name '${name}' must be 1 to 64 letters, digits, '-' or '_'`);
      }
      if (takenNames.includes(name.toLowerCase())) throw invalid(`Certificate name '${name}' is taken`);
      checkNames(names);
      return leaf(name, names, atMs);
    },
  };
}

const domain = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

function checkNames(names: readonly string[]): void {
  const most = limits.maxCertificateDomains;
  if (names.length === 0 || names.length > most)
    throw invalid(`A certificate needs between 1 and ${most} domain names`);
  // An address with a zone (fe80::1%eth0) has a meaning on its own machine only; numbers with dots are no domain.
  const isAddress = (name: string) => isIP(name) !== 0 && !name.includes("%");
  const isDomain = (name: string) => name.length <= 253 && domain.test(name) && !/^[\d.]+$/.test(name);
  const wrong = names.find((name) => !isAddress(name) && !isDomain(name));
  if (wrong !== undefined) throw invalid(`'${wrong}' is neither a domain name nor an IP address`);
}

/** The names in one form, to compare: those of a made leaf, or those that are wanted. */
function namesOf(from: Pem | { readonly names: readonly string[] }): string {
  const canonical =
    "names" in from
      ? from.names.map((name) => (isIP(name) ? `IP:${plainIp(name)}` : `DNS:${name}`))
      : (new X509Certificate(from.certificate).subjectAltName ?? "").split(", ").map((each) => {
          const [kind, ...rest] = each.split(":");
          return kind === "DNS" ? `DNS:${rest.join(":")}` : `IP:${plainIp(rest.join(":"))}`;
        });
  return canonical.map((each) => each.toLowerCase()).join(",");
}

/** `::1` and `0:0:0:0:0:0:0:1` are one address. */
const plainIp = (address: string) => (isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address);

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
