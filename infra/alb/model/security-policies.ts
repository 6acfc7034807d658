// AWS's security policies, by name. Only what a client can notice without a cipher scan is carried out: the lowest and
// the highest protocol version. Cipher lists are the TLS library's own.

import type { SecureVersion } from "node:tls";

export interface SecurityPolicy {
  readonly name: string;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** OpenSSL names; empty means the library's default. */
  readonly ciphers: readonly string[];
}

export const defaultPolicyName = "ELBSecurityPolicy-2016-08";

const policy = (name: string, minVersion: SecureVersion, maxVersion: SecureVersion): SecurityPolicy => ({
  name: `ELBSecurityPolicy-${name}`,
  ...{ minVersion, maxVersion, ciphers: minVersion < "TLSv1.2" ? ["DEFAULT@SECLEVEL=0"] : [] },
});

export const securityPolicies: readonly SecurityPolicy[] = [
  policy("2016-08", "TLSv1", "TLSv1.2"),
  policy("TLS13-1-3-2021-06", "TLSv1.3", "TLSv1.3"),
  policy("TLS13-1-3-PQ-2025-09", "TLSv1.3", "TLSv1.3"),
  policy("TLS13-1-2-2021-06", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-PQ-2025-09", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Res-2021-06", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Res-PQ-2025-09", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Ext1-2021-06", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Ext1-PQ-2025-09", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Ext2-2021-06", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-2-Ext2-PQ-2025-09", "TLSv1.2", "TLSv1.3"),
  policy("TLS13-1-1-2021-06", "TLSv1.1", "TLSv1.3"),
  policy("TLS13-1-0-2021-06", "TLSv1", "TLSv1.3"),
  policy("TLS13-1-0-PQ-2025-09", "TLSv1", "TLSv1.3"),
  policy("TLS-1-2-Ext-2018-06", "TLSv1.2", "TLSv1.2"),
  policy("TLS-1-2-2017-01", "TLSv1.2", "TLSv1.2"),
  policy("TLS-1-1-2017-01", "TLSv1.1", "TLSv1.2"),
  policy("FS-1-2-Res-2020-10", "TLSv1.2", "TLSv1.2"),
  policy("FS-1-2-Res-2019-08", "TLSv1.2", "TLSv1.2"),
  policy("FS-1-2-2019-08", "TLSv1.2", "TLSv1.2"),
  policy("FS-1-1-2019-08", "TLSv1.1", "TLSv1.2"),
  policy("FS-2018-06", "TLSv1", "TLSv1.2"),
];

export const findPolicy = (name: string) => securityPolicies.find((each) => each.name === name);

/** Falls back to AWS's default policy, which is what a listener without a policy has. */
export const securityPolicy = (name: string): SecurityPolicy => findPolicy(name) ?? securityPolicies[0]!;
