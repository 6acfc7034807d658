// With a domain: the page at the domain itself, for all regions. In us-east-1, where CloudFront takes its certificates from.
import type { Construct } from "constructs";
import { type Domain, names, type Settings } from "../settings.ts";
import { addClientSite } from "./client-site.ts";
import { addCertificate, addPageRecords, zoneOf } from "./dns.ts";
import { addOutputs, TidegateStack } from "./stack.ts";

export function addEdgeStack(scope: Construct, settings: Settings, domain: Domain): void {
  const stack = new TidegateStack(scope, settings, {
    name: names.edgeStack,
    region: names.edgeRegion,
    tag: names.edgeTag,
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
  addPageRecords(stack, zone, domain, distribution);
  addOutputs(stack, {
    Url: `https://${domain.name}`,
    ClientBucket: bucket.bucketName,
    DistributionId: distribution.distributionId,
  });
}
