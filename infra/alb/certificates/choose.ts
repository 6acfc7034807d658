// Which of a listener's certificates a client may get: those that name the host it asked for, else the default. Of those
// that fit, one with an ECDSA key and one with an RSA key go on, since only the handshake shows which a client takes.

import type { X509Certificate } from "node:crypto";

export interface Candidate {
  readonly x509: X509Certificate;
}

/** RSA before ECDSA, at least one. The first candidate is the default; `serverName` undefined when none was named. */
export function chooseCertificates<C extends Candidate>(
  candidates: readonly C[],
  serverName: string | undefined,
): readonly C[] {
  const fitting = serverName ? candidates.filter((each) => each.x509.checkHost(serverName) !== undefined) : [];
  const best = (ec: boolean) =>
    fitting.filter((each) => isEc(each) === ec).sort((a, b) => keyBits(b) - keyBits(a) || endOf(b) - endOf(a))[0];
  const chosen = [best(false), best(true)].filter((each) => each !== undefined);
  return chosen.length > 0 ? chosen : candidates.slice(0, 1);
}

const isEc = ({ x509 }: Candidate) => x509.publicKey.asymmetricKeyType === "ec";
const endOf = ({ x509 }: Candidate) => Date.parse(x509.validTo);

const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
function keyBits({ x509 }: Candidate): number {
  const { modulusLength, namedCurve } = x509.publicKey.asymmetricKeyDetails ?? {};
  return modulusLength ?? curveBits[namedCurve ?? ""] ?? 0;
}
