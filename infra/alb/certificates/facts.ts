// What stands in a certificate, in the words of AWS Certificate Manager.

import { X509Certificate } from "node:crypto";
import { X509Certificate as ParsedCertificate } from "@peculiar/x509";

export interface CertificateFacts {
  /** The first name that it is for, or its subject's common name. */
  readonly domain: string;
  readonly names: readonly string[];
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** `RSA_2048`, `EC_prime256v1` … */
  readonly keyAlgorithm: string;
  /** `SHA256WITHECDSA` … */
  readonly signatureAlgorithm: string;
}

/** `pem` is one that was accepted before; its first certificate counts. */
export function factsOf(pem: string): CertificateFacts {
  const x509 = new X509Certificate(pem);
  const { modulusLength, namedCurve } = x509.publicKey.asymmetricKeyDetails ?? {};
  const type = x509.publicKey.asymmetricKeyType ?? "";
  const names = (x509.subjectAltName ?? "")
    .split(", ")
    .flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []);
  const common = /^CN=(.+)$/m.exec(x509.subject)?.[1];
  const domain = names[0] ?? common ?? x509.subject;
  const { name, hash } = new ParsedCertificate(x509.raw).signatureAlgorithm as {
    name: string;
    hash?: { name: string };
  };
  return {
    domain,
    names: names.length > 0 ? names : [domain],
    serial: x509.serialNumber.toLowerCase().replace(/(..)(?!$)/g, "$1:"),
    subject: x509.subject.replaceAll("\n", ","),
    issuer: x509.issuer.replaceAll("\n", ","),
    notBeforeMs: Date.parse(x509.validFrom),
    notAfterMs: Date.parse(x509.validTo),
    keyAlgorithm: type === "rsa" ? `RSA_${modulusLength}` : type === "ec" ? `EC_${namedCurve}` : type,
    signatureAlgorithm: `${(hash?.name ?? "").replace("-", "")}WITH${name === "ECDSA" ? "ECDSA" : "RSA"}`,
  };
}
