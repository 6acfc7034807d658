// The address of this machine or container, where it has only one that others could mean.

import type { networkInterfaces } from "node:os";

const LINK_LOCAL = "169.254.";

/** IPv4 addresses that are neither loopback nor link-local. */
export function outerAddresses(interfaces: ReturnType<typeof networkInterfaces>): string[] {
  return Object.values(interfaces)
    .flatMap((ofOne) => ofOne ?? [])
    .filter(({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith(LINK_LOCAL))
    .map(({ address }) => address);
}
