// AWS's security policies by name: protocol versions, and ciphers in AWS's order. What the TLS library cannot do is not
// done: a FIPS-validated module and, before OpenSSL 3.5, post-quantum key exchange; such policies have the rest.

import type { SecureContextOptions } from "node:tls";

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface SecurityPolicy {
  readonly name: string;
  /** Lowest first, without gaps. */
  readonly versions: readonly TlsVersion[];
  /** OpenSSL names, most wanted first. */
  readonly ciphers: readonly string[];
}

export const defaultPolicyName = "ELBSecurityPolicy-2016-08";

const allVersions: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** The kinds of ciphers that policies differ by; `cbc1` has SHA-1, `cbc2` SHA-2. */
type Kind = "tls13" | "chacha" | "ecdhe-gcm" | "ecdhe-cbc2" | "ecdhe-cbc1" | "rsa-gcm" | "rsa-cbc2" | "rsa-cbc1";

const preference: readonly (readonly [name: string, kind: Kind])[] = [
  ["TLS_AES_128_GCM_SHA256", "tls13"],
  ["TLS_AES_256_GCM_SHA384", "tls13"],
  ["TLS_CHACHA20_POLY1305_SHA256", "chacha"],
  ["ECDHE-ECDSA-AES128-GCM-SHA256", "ecdhe-gcm"],
  ["ECDHE-RSA-AES128-GCM-SHA256", "ecdhe-gcm"],
  ["ECDHE-ECDSA-AES128-SHA256", "ecdhe-cbc2"],
  ["ECDHE-RSA-AES128-SHA256", "ecdhe-cbc2"],
  ["ECDHE-ECDSA-AES128-SHA", "ecdhe-cbc1"],
  ["ECDHE-RSA-AES128-SHA", "ecdhe-cbc1"],
  ["ECDHE-ECDSA-AES256-GCM-SHA384", "ecdhe-gcm"],
  ["ECDHE-RSA-AES256-GCM-SHA384", "ecdhe-gcm"],
  ["ECDHE-ECDSA-AES256-SHA384", "ecdhe-cbc2"],
  ["ECDHE-RSA-AES256-SHA384", "ecdhe-cbc2"],
  ["ECDHE-ECDSA-AES256-SHA", "ecdhe-cbc1"],
  ["ECDHE-RSA-AES256-SHA", "ecdhe-cbc1"],
  ["AES128-GCM-SHA256", "rsa-gcm"],
  ["AES128-SHA256", "rsa-cbc2"],
  ["AES128-SHA", "rsa-cbc1"],
  ["AES256-GCM-SHA384", "rsa-gcm"],
  ["AES256-SHA256", "rsa-cbc2"],
  ["AES256-SHA", "rsa-cbc1"],
];

// Each set holds the one above it.
const restricted: readonly Kind[] = ["ecdhe-gcm"];
const forwardSecret: readonly Kind[] = [...restricted, "ecdhe-cbc2"];
const forwardSecretOld: readonly Kind[] = [...forwardSecret, "ecdhe-cbc1"];
const withRsa: readonly Kind[] = [...forwardSecret, "rsa-gcm", "rsa-cbc2"];
const everything: readonly Kind[] = [...forwardSecretOld, ...withRsa, "rsa-cbc1"];

function policies(names: readonly string[], from: TlsVersion, to: TlsVersion, kinds: readonly Kind[]) {
  return names.map((name): SecurityPolicy => {
    const own: readonly Kind[] = to !== "TLSv1.3" ? [] : name.includes("FIPS") ? ["tls13"] : ["tls13", "chacha"];
    return {
      name: `ELBSecurityPolicy-${name}`,
      versions: allVersions.slice(allVersions.indexOf(from), allVersions.indexOf(to) + 1),
      ciphers: preference.filter(([, kind]) => own.includes(kind) || kinds.includes(kind)).map(([cipher]) => cipher),
    };
  });
}

/** With TLS 1.3 there are plain, post-quantum and FIPS policies of equal versions. */
function modern(base: string, from: TlsVersion, kinds: readonly Kind[], suffixes: readonly string[]) {
  const names = suffixes.map((suffix) => `TLS13-${base}${suffix}`);
  return policies(names, from, "TLSv1.3", kinds);
}

const plain = "-2021-06";
const pq = "-PQ-2025-09";
const fips = "-FIPS-2023-04";
const fipsPq = "-FIPS-PQ-2025-09";

export const securityPolicies: readonly SecurityPolicy[] = [
  ...policies(["2016-08"], "TLSv1", "TLSv1.2", everything),
  ...modern("1-3", "TLSv1.3", [], [plain, pq, fips, fipsPq]),
  ...modern("1-2", "TLSv1.2", forwardSecret, [plain, pq, fips, fipsPq]),
  ...modern("1-2-Res", "TLSv1.2", restricted, [plain, pq, fips, fipsPq]),
  ...modern("1-2-Ext0", "TLSv1.2", forwardSecretOld, [fips, fipsPq]),
  ...modern("1-2-Ext1", "TLSv1.2", withRsa, [plain, pq, fips, fipsPq]),
  ...modern("1-2-Ext2", "TLSv1.2", everything, [plain, pq, fips, fipsPq]),
  ...modern("1-1", "TLSv1.1", everything, [plain, fips]),
  ...modern("1-0", "TLSv1", everything, [plain, pq, fips, fipsPq]),
  ...policies(["TLS-1-2-Ext-2018-06"], "TLSv1.2", "TLSv1.2", everything),
  ...policies(["TLS-1-2-2017-01"], "TLSv1.2", "TLSv1.2", withRsa),
  ...policies(["TLS-1-1-2017-01"], "TLSv1.1", "TLSv1.2", everything),
  ...policies(["FS-1-2-Res-2020-10"], "TLSv1.2", "TLSv1.2", restricted),
  ...policies(["FS-1-2-Res-2019-08"], "TLSv1.2", "TLSv1.2", forwardSecret),
  ...policies(["FS-1-2-2019-08"], "TLSv1.2", "TLSv1.2", forwardSecretOld),
  ...policies(["FS-1-1-2019-08"], "TLSv1.1", "TLSv1.2", forwardSecretOld),
  ...policies(["FS-2018-06"], "TLSv1", "TLSv1.2", forwardSecretOld),
];

export const findPolicy = (name: string) => securityPolicies.find((each) => each.name === name);

/** What a policy sets; an empty name is AWS's default, which a listener without a policy has. */
export function opensslSettings(
  name: string,
): Required<Pick<SecureContextOptions, "minVersion" | "maxVersion" | "ciphers">> {
  const { versions, ciphers } = findPolicy(name) ?? securityPolicies[0]!;
  const old = versions[0] === "TLSv1" || versions[0] === "TLSv1.1";
  return {
    minVersion: versions[0]!,
    maxVersion: versions.at(-1)!,
    // OpenSSL 3 refuses the SHA-1 signatures of these versions unless it is told otherwise.
    ciphers: [...ciphers, ...(old ? ["@SECLEVEL=0"] : [])].join(":"),
  };
}
