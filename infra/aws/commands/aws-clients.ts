// The clients of AWS's APIs, one set for each region. All that a command says to AWS goes through one of them, so that
// tests put an account of their own in their place. AWS_ENDPOINT_URL (AWS's own variable) sends them all elsewhere.
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** The SDK waits longer before each. */
const ATTEMPTS_MAX = 6;

export interface AwsClients {
  readonly region: string;
  readonly cloudFormation: Pick<CloudFormationClient, "send">;
  readonly cloudFront: Pick<CloudFrontClient, "send">;
  readonly ecr: Pick<ECRClient, "send">;
  readonly ecs: Pick<ECSClient, "send">;
  readonly elb: Pick<ElasticLoadBalancingV2Client, "send">;
  readonly iam: Pick<IAMClient, "send">;
  readonly quotas: Pick<ServiceQuotasClient, "send">;
  readonly route53: Pick<Route53Client, "send">;
  readonly s3: Pick<S3Client, "send">;
  readonly secrets: Pick<SecretsManagerClient, "send">;
  readonly sts: Pick<STSClient, "send">;
  readonly tagging: Pick<ResourceGroupsTaggingAPIClient, "send">;
}

/** The clients of a region by AWS's name of it, such as eu-west-1. */
export type Aws = (region: string) => AwsClients;

export function awsClients(): Aws {
  const made = new Map<string, AwsClients>();
  return (region) => {
    const clients = made.get(region) ?? clientsOf(region);
    made.set(region, clients);
    return clients;
  };
}

function clientsOf(region: string): AwsClients {
  const settings = {
    region,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  };
  return {
    region,
    cloudFormation: new CloudFormationClient(settings),
    cloudFront: new CloudFrontClient(settings),
    ecr: new ECRClient(settings),
    ecs: new ECSClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    iam: new IAMClient(settings),
    quotas: new ServiceQuotasClient(settings),
    route53: new Route53Client(settings),
    s3: new S3Client(settings),
    secrets: new SecretsManagerClient(settings),
    sts: new STSClient(settings),
    tagging: new ResourceGroupsTaggingAPIClient(settings),
  };
}
