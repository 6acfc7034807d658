// TLS settings of listeners: certificates and security policies as OpenSSL wants them. Made once for each certificate
// object and kept as long as that is in use; a certificate that is imported again is another object.

import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from "node:tls";
import { type Candidate, chooseCertificates } from "../certificates/choose.ts";
import { opensslSettings } from "../model/security-policies.ts";
import type { Certificate } from "../model/types.ts";
import type { ListenerRoute } from "../routing/table.ts";

interface Prepared extends Candidate {
  readonly certificate: Certificate;
  /** What X509Certificate would work out anew for each connection. */
  readonly keyType: string | undefined;
  readonly fingerprint: string;
}

export class TlsContexts {
  readonly #prepared = new WeakMap<Certificate, Prepared>();
  readonly #options = new WeakMap<Certificate, WeakMap<Certificate, Map<string, SecureContextOptions>>>();
  readonly #contexts = new WeakMap<SecureContextOptions, SecureContext>();

  /**
   * Certificates, keys, versions and ciphers for a client that names `serverName`, or none. The same object as long as
   * nothing of it changes.
   */
  options(listener: ListenerRoute, serverName: string | undefined): SecureContextOptions {
    const chosen = this.#choose(listener, serverName);
    const [first, last = first] = chosen;
    if (!first || !last) return {};
    const byLast = getOrMake(this.#options, first, () => new WeakMap<Certificate, Map<string, SecureContextOptions>>());
    const byPolicy = getOrMake(byLast, last, () => new Map<string, SecureContextOptions>());
    const policy = listener.sslPolicy ?? "";
    return getOrMake(byPolicy, policy, () => ({
      cert: chosen.map((each) => each.certificate),
      key: chosen.map((each) => each.key),
      ...opensslSettings(policy),
      honorCipherOrder: true,
    }));
  }

  /** The same, ready for use. */
  context(listener: ListenerRoute, serverName: string): SecureContext {
    const options = this.options(listener, serverName);
    return getOrMake(this.#contexts, options, () => createSecureContext(options));
  }

  /** Does the listener have both ECDSA and RSA certificates? */
  mixed({ certificates }: ListenerRoute): boolean {
    return new Set(certificates.map((each) => this.#prepare(each).keyType)).size > 1;
  }

  /** ARN of the certificate that the client was shown. */
  shownArn(listener: ListenerRoute, tlsSocket: TLSSocket): string {
    const serverName = typeof tlsSocket.servername === "string" ? tlsSocket.servername : undefined;
    const chosen = this.#choose(listener, serverName);
    const shown = tlsSocket.getX509Certificate()?.fingerprint256;
    const known = chosen.find((each) => this.#prepare(each).fingerprint === shown) ?? chosen.at(-1);
    return known?.arn ?? "-";
  }

  #choose(listener: ListenerRoute, serverName: string | undefined): Certificate[] {
    const candidates = listener.certificates.map((each) => this.#prepare(each));
    return chooseCertificates(candidates, serverName).map((each) => each.certificate);
  }

  #prepare(certificate: Certificate): Prepared {
    const known = this.#prepared.get(certificate);
    if (known) return known;
    const x509 = new X509Certificate(certificate.certificate);
    const { asymmetricKeyType: keyType } = x509.publicKey;
    const prepared = { certificate, x509, keyType, fingerprint: x509.fingerprint256 };
    this.#prepared.set(certificate, prepared);
    return prepared;
  }
}

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function getOrMake<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
