// Makes the local certificate authority and the leaf that it signs. Knows no files.

import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto as Crypto);

export interface Pem {
  readonly certificate: string;
  readonly key: string;
}

const signing = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const authorityLifeMs = 3650 * dayMs;
/** Browsers refuse leaves that live longer than 398 days. */
export const leafLifeMs = 396 * dayMs;
const backdatedMs = dayMs;

const serialNumber = () => `4${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`;

export async function makeAuthority(nowMs: number): Promise<Pem> {
  const keys = await webcrypto.subtle.generateKey(signing, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Tidegate local CA ${new Date(nowMs).toISOString().slice(0, 10)}`,
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + authorityLifeMs),
    signingAlgorithm: signing,
    keys: keys as CryptoKeyPair,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey as CryptoKey) };
}

/** Keys that a leaf may have, as ACM calls them. */
export type KeyAlgorithm = "EC_prime256v1" | "EC_secp384r1" | "RSA_2048" | "RSA_3072" | "RSA_4096";

const rsa = (modulusLength: number) => ({
  ...{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]), modulusLength },
});
const keyParameters: Readonly<Record<KeyAlgorithm, EcKeyGenParams | RsaHashedKeyGenParams>> = {
  EC_prime256v1: signing,
  EC_secp384r1: { ...signing, namedCurve: "P-384" },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
};

/** `names` are DNS names or IP addresses. */
export async function makeLeaf(
  authority: Pem,
  names: readonly string[],
  nowMs: number,
  algorithm: KeyAlgorithm = "EC_prime256v1",
): Promise<Pem> {
  const issuer = new X509Certificate(authority.certificate);
  const keys = (await webcrypto.subtle.generateKey(keyParameters[algorithm] as never, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  // The key exchange of old ciphers encrypts with the certificate's RSA key.
  const encipher = algorithm.startsWith("RSA") ? KeyUsageFlags.keyEncipherment : 0;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${names[0]}`,
    issuer: issuer.subject,
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(Math.min(nowMs + leafLifeMs, issuer.notAfter.getTime())),
    signingAlgorithm: signing,
    publicKey: keys.publicKey as CryptoKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | encipher, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? "ip" : "dns", value }) as const),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey as CryptoKey) };
}

async function exportKey(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key as never), "PRIVATE KEY");
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = PemConverter.decodeFirst(pem);
  return (await webcrypto.subtle.importKey("pkcs8", der, signing, false, ["sign"])) as CryptoKey;
}
