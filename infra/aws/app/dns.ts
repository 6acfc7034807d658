// Names in the hosted zone of the deployment, and the certificates for them. The zone is named by its id: nothing is looked up.
import { Certificate, CertificateValidation, type ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IDistribution } from "aws-cdk-lib/aws-cloudfront";
import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget, LoadBalancerTarget } from "aws-cdk-lib/aws-route53-targets";
import type { Construct } from "constructs";
import type { Region } from "../../stack/regions.ts";
import { type Domain, names } from "../settings.ts";

export const zoneOf = (scope: Construct, { name, hostedZoneId }: Domain): IHostedZone =>
  // Records are given by their full names, so that the zone may be one above the domain.
  HostedZone.fromHostedZoneAttributes(scope, "Zone", { hostedZoneId, zoneName: name });

/** Proven by a record in the zone, which AWS makes and leaves there for renewals. */
export const addCertificate = (
  scope: Construct,
  zone: IHostedZone,
  hosts: readonly [string, ...string[]],
): ICertificate =>
  new Certificate(scope, "Certificate", {
    domainName: hosts[0],
    ...(hosts.length > 1 && { subjectAlternativeNames: hosts.slice(1) }),
    validation: CertificateValidation.fromDns(zone),
  });

/** `eu.DOMAIN`, and the region's share of `live.DOMAIN`, which leads to the nearest region that is healthy. */
export function addRegionRecords(
  scope: Construct,
  zone: IHostedZone,
  { domain, region, balancer }: { domain: Domain; region: Region; balancer: ApplicationLoadBalancer },
): void {
  const target = RecordTarget.fromAlias(new LoadBalancerTarget(balancer, { evaluateTargetHealth: true }));
  new ARecord(scope, "RegionName", { zone, recordName: absolute(names.regionHost(domain, region)), target });
  new ARecord(scope, "NearestName", {
    ...{ zone, target, recordName: absolute(names.liveHost(domain)) },
    ...{ region: region.aws, setIdentifier: region.id },
  });
}

export function addPageRecords(
  scope: Construct,
  zone: IHostedZone,
  { name }: Domain,
  distribution: IDistribution,
): void {
  const record = {
    zone,
    recordName: absolute(name),
    target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
  };
  new ARecord(scope, "PageName", record);
  new AaaaRecord(scope, "PageName6", record);
}

const absolute = (host: string): string => `${host}.`;
