// What a deployment costs while nobody plays, by the list prices of docs/aws.md (the dearer of the two regions there). An estimate for a
// sentence: the bill is AWS's.
import type { Settings } from "../settings.ts";

/** Dollars an hour. */
const PRICES = {
  /** 1 vCPU and 2 GB on Fargate. */
  server: { arm64: 0.0395, x86_64: 0.0494 },
  loadBalancer: 0.025,
  publicAddress: 0.005,
  redis: 0.027,
  watching: 0.02,
  secrets: 0.002,
  natGateway: 0.045,
} as const;

export function idleUsdPerHour({ architecture, nat, regions, servers, zones }: Settings): number {
  const { loadBalancer, natGateway, publicAddress, redis, secrets, server, watching } = PRICES;
  const ways = nat ? zones * (natGateway + publicAddress) : servers * publicAddress;
  const standing = loadBalancer + zones * publicAddress + redis + watching + secrets;
  return regions.length * (servers * server[architecture] + ways + standing);
}
