// The client's files on S3 behind CloudFront. Our command uploads them and never takes an asset away: a page that is open finds its own,
// whatever has been deployed since, for the price of a few megabytes a build.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Region } from "../../stack/regions.ts";
import { CACHE_CONTROL } from "../cache-control.ts";
import { type Domain, names } from "../settings.ts";
import { addHeaders } from "./site-headers.ts";

/** What game servers answer, and no file does. Pages with a list of regions go to those directly, and need this for the rest. */
const SERVER_PATHS = ["/socket.io/*", "/api/*", "/fleetz"] as const;
/** CloudFront's longest wait for an answer without asking AWS for more. */
const READ_TIMEOUT_SECONDS = 60;

export type SiteFront =
  | {
      readonly kind: "domain";
      readonly domain: Domain;
      readonly certificate: ICertificate;
      readonly regions: readonly Region[];
    }
  /** CloudFront's own name. */
  | { readonly kind: "cloudfront"; readonly balancerDns: string; readonly originHeaders: Record<string, string> };

export interface ClientSite {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
}

export function addClientSite(scope: Construct, front: SiteFront): ClientSite {
  const bucket = new Bucket(scope, "Client", {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // Who may list is told 404 of a file that is not there, and not 403. CloudFront itself lists nothing.
  const originAccessLevels = [AccessLevel.READ, AccessLevel.LIST];
  const origin = S3BucketOrigin.withOriginAccessControl(bucket, { originAccessLevels });
  const connectTo = front.kind === "domain" ? sourcesOf(front) : [];
  const distribution = new Distribution(scope, "Site", {
    comment: "Tidegate",
    defaultRootObject: "index.html",
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PriceClass.PRICE_CLASS_ALL,
    defaultBehavior: {
      ...{ origin, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
      cachePolicy: CachePolicy.CACHING_DISABLED,
      responseHeadersPolicy: addHeaders(scope, "PageHeaders", CACHE_CONTROL.pages, connectTo),
    },
    additionalBehaviors: {
      "/assets/*": {
        ...{ origin, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS, compress: true },
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: addHeaders(scope, "AssetHeaders", CACHE_CONTROL.assets, connectTo),
      },
      ...serverBehaviours(front),
    },
    ...(front.kind === "domain" && {
      domainNames: [front.domain.name],
      certificate: front.certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    }),
  });
  return { bucket, distribution };
}

function serverBehaviours(front: SiteFront): Record<string, BehaviorOptions> {
  const behaviour: BehaviorOptions = {
    ...(front.kind === "domain" ? nearestRegion(front.domain) : onlyRegion(front)),
    ...{ viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY, allowedMethods: AllowedMethods.ALLOW_ALL },
    cachePolicy: CachePolicy.CACHING_DISABLED,
  };
  return Object.fromEntries(SERVER_PATHS.map((path) => [path, behaviour]));
}

type Behind = Pick<BehaviorOptions, "origin" | "originRequestPolicy">;

/** Nearest to the place where CloudFront met the player. The host is the load balancer's, for which its certificate is. */
const nearestRegion = (domain: Domain): Behind => ({
  origin: new HttpOrigin(names.liveHost(domain), {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    readTimeout: Duration.seconds(READ_TIMEOUT_SECONDS),
  }),
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
});

/** The host goes through as the page knows it: servers let in pages of the host that they are asked for. */
const onlyRegion = ({ balancerDns, originHeaders }: Extract<SiteFront, { kind: "cloudfront" }>): Behind => ({
  origin: new HttpOrigin(balancerDns, {
    protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
    readTimeout: Duration.seconds(READ_TIMEOUT_SECONDS),
    customHeaders: originHeaders,
  }),
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
});

const sourcesOf = ({ domain, regions }: Extract<SiteFront, { kind: "domain" }>): string[] =>
  [names.liveHost(domain), ...regions.map((region) => names.regionHost(domain, region))].flatMap((host) => [
    `https://${host}`,
    `wss://${host}`,
  ]);
