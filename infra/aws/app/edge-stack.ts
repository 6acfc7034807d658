// With a domain: the page at the domain itself, for all regions. In us-east-1, where CloudFront takes its certificates from.
import type { Construct } from "constructs";
import { type Domain, names, type Settings } from "../settings.ts";
import { addClientSite } from "./client-site.ts";
import { addCertificate, addPageNames, zoneOf } from "./names.ts";
import { addOutputs } from "./region-stack.ts";
import { TidegateStack } from "./stack.ts";

export function addEdgeStack(scope: Construct, settings: Settings, domain: Domain): TidegateStack {
  const stack = new TidegateStack(scope, settings, {
    name: names.edgeStack,
    region: names.edgeRegion,
    tag: "edge",
    description: "Tidegate: the page, for all regions",
  });
  const zone = zoneOf(stack, domain);
  const certificate = addCertificate(stack, zone, [domain.name]);
  const { bucket, distribution } = addClientSite(stack, {
    kind: "domain",
    domain,
    certificate,
    regions: settings.regions,
  });
  addPageNames(stack, zone, domain, distribution);
  addOutputs(stack, {
    Url: `https://${domain.name}`,
    ClientBucket: bucket.bucketName,
    DistributionId: distribution.distributionId,
  });
  return stack;
}
