// Which of a listener's certificates a client gets: the one that names the host it asked for, else the default.

import type { X509Certificate } from "node:crypto";

export interface Candidate {
  readonly arn: string;
  readonly x509: X509Certificate;
}

/** The first candidate is the default. ECDSA goes before RSA where several fit. */
export function chooseCertificate<C extends Candidate>(candidates: readonly C[], serverName: string): C | undefined {
  const fitting = candidates.filter((each) => each.x509.checkHost(serverName) !== undefined);
  return fitting.find((each) => each.x509.publicKey.asymmetricKeyType === "ec") ?? fitting[0] ?? candidates[0];
}
