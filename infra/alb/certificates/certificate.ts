// A certificate as listeners use it, read from PEM texts and checked: what is accepted here can be served.

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { limits } from "../limits.ts";
import { invalid } from "../model/errors.ts";
import type { Certificate } from "../model/types.ts";

export interface CertificateInput {
  readonly arn: string;
  /** PEM of the leaf; certificates behind it are taken as its chain. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
  /** PEM of the intermediate certificates, in any number. */
  readonly chain?: string | undefined;
  readonly origin: Certificate["origin"];
}

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Throws a ValidationError that says what is wrong with the PEM texts, also when they are not valid at `nowMs`. */
export function readCertificate(input: CertificateInput, nowMs: number): Certificate {
  const [leafPem, ...behind] = blocksOf(input.certificate, "The certificate");
  if (!leafPem) throw invalid("The certificate is not a PEM-encoded X.509 certificate");
  const chain = [...behind, ...(input.chain === undefined ? [] : blocksOf(input.chain, "The certificate chain"))];
  if (input.chain !== undefined && chain.length === 0) throw invalid("The certificate chain holds no certificate");
  const x509 = parse(leafPem, "The certificate");
  for (const each of chain) parse(each, "The certificate chain");
  if (!x509.checkPrivateKey(readKey(input.key))) throw invalid("The private key does not belong to the certificate");
  if (Date.parse(x509.validFrom) > nowMs) throw invalid(`The certificate is not valid before ${x509.validFrom}`);
  if (Date.parse(x509.validTo) < nowMs) throw invalid(`The certificate has expired on ${x509.validTo}`);
  const certificate = [leafPem, ...chain].join("\n");
  try {
    createSecureContext({ cert: certificate, key: input.key });
  } catch (error) {
    throw invalid(`The certificate cannot be used for TLS: ${(error as Error).message}`);
  }
  const { arn, key, origin } = input;
  return { arn, key, origin, certificate: `${certificate}\n`, addedAtMs: nowMs };
}

function blocksOf(pem: string, what: string): string[] {
  if (pem.length > limits.maxCertificatePemBytes) {
    throw invalid(`${what} is longer than ${limits.maxCertificatePemBytes} bytes`);
  }
  return pem.match(block) ?? [];
}

function parse(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    // Node's reasons name OpenSSL's routines, not what the caller gave.
    throw invalid(`${what} is not a PEM-encoded X.509 certificate`);
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // As above; a passphrase is the usual reason besides broken text.
    throw invalid("The private key is not a PEM-encoded key without a passphrase");
  }
}
