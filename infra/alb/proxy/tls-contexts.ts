// TLS settings of listeners: certificates by ARN, security policies by name. Contexts are made once and kept.

import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type Candidate, chooseCertificate } from "../certificates/choose.ts";
import type { CertificateStore } from "../certificates/store.ts";
import { securityPolicy } from "../model/security-policies.ts";
import type { ListenerRoute } from "../routing/table.ts";

interface Prepared extends Candidate {
  readonly options: SecureContextOptions;
  context: SecureContext | undefined;
}

export class TlsContexts {
  readonly #certificates: CertificateStore;
  readonly #prepared = new Map<string, Prepared>();

  constructor(certificates: CertificateStore) {
    this.#certificates = certificates;
  }

  /** Certificate, key and protocol versions for a client that names no host. */
  defaultOptions(listener: ListenerRoute): SecureContextOptions {
    return this.#candidates(listener)[0]?.options ?? {};
  }

  choose(listener: ListenerRoute, serverName: string): SecureContext | undefined {
    const chosen = chooseCertificate(this.#candidates(listener), serverName);
    if (!chosen) return undefined;
    chosen.context ??= createSecureContext(chosen.options);
    return chosen.context;
  }

  chosenArn(listener: ListenerRoute, serverName: string | undefined): string {
    const candidates = this.#candidates(listener);
    const chosen = serverName ? chooseCertificate(candidates, serverName) : candidates[0];
    return chosen?.arn ?? "-";
  }

  #candidates(listener: ListenerRoute): Prepared[] {
    return listener.certificateArns.flatMap((arn) => {
      const key = `${arn}|${listener.sslPolicy}`;
      const known = this.#prepared.get(key);
      if (known) return [known];
      const certificate = this.#certificates.get(arn);
      if (!certificate) return [];
      const { minVersion, maxVersion, ciphers } = securityPolicy(listener.sslPolicy ?? "");
      const options = {
        ...{ cert: certificate.certificate, key: certificate.key, minVersion, maxVersion },
        ...(ciphers.length > 0 ? { ciphers: ciphers.join(":") } : {}),
        honorCipherOrder: true,
      };
      const prepared = { arn, x509: new X509Certificate(certificate.certificate), options, context: undefined };
      this.#prepared.set(key, prepared);
      return [prepared];
    });
  }
}
