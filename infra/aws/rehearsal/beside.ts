// What a stack wants and moto's CloudFormation does not make: some of it is made beside the stack by moto's other services, so that our commands
// find it; the rest is only given a name of the right form.
import { CloudFrontClient, CreateDistributionCommand } from "@aws-sdk/client-cloudfront";
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { LEFT_OUT } from "./moto-limits.ts";
import type { LeftOut, Template } from "./reduce.ts";
import { ask } from "./witness.ts";

const ACCOUNT = "123456789012";
/** Nobody but this rehearsal ever sees it. */
const SECRET = "rehearsed".repeat(5);

export interface Place {
  readonly motoUrl: string;
  readonly region: string;
  readonly stack: string;
  /** Where the page of a CloudFront distribution would be. */
  readonly pageHost: string;
}

/** moto takes any. */
export const REHEARSED = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" } as const;

const settingsOf = ({ motoUrl, region }: Place) => ({
  endpoint: motoUrl,
  region,
  credentials: REHEARSED,
  maxAttempts: 1,
});

/** Stand-ins for all that is left out of this template; those that `known` names are there already. */
export async function makeBeside(template: Template, place: Place, known: readonly LeftOut[]): Promise<LeftOut[]> {
  const made: LeftOut[] = [];
  for (const [id, { Type: type }] of Object.entries(template.Resources)) {
    if (LEFT_OUT[type] === undefined) continue;
    made.push(known.find((one) => one.id === id && one.type === type) ?? (await make(id, type, place)));
  }
  return made;
}

async function make(id: string, type: string, place: Place): Promise<LeftOut> {
  const name = `${place.stack}-${id}`;
  const arn = (service: string, what: string) => `arn:aws:${service}:${place.region}:${ACCOUNT}:${what}`;
  switch (type) {
    case "AWS::SecretsManager::Secret":
      return { id, type, ref: await makeSecret(name, place), attributes: {} };
    case "AWS::CloudFront::Distribution":
      return { id, type, ref: await makeDistribution(name, place), attributes: { DomainName: place.pageHost } };
    case "AWS::ElastiCache::ReplicationGroup":
      return { id, type, ref: name, attributes: { "PrimaryEndPoint.Address": `master.${name.toLowerCase()}.invalid` } };
    case "AWS::CertificateManager::Certificate":
      return { id, type, ref: await makeCertificate(place), attributes: {} };
    case "AWS::CloudWatch::Alarm":
      return { id, type, ref: name, attributes: { Arn: arn("cloudwatch", `alarm:${name}`) } };
    default:
      return { id, type, ref: name, attributes: { Id: name, Arn: arn("rehearsal", name) } };
  }
}

async function makeSecret(name: string, place: Place): Promise<string> {
  const client = new SecretsManagerClient(settingsOf(place));
  const answer = await client.send(new CreateSecretCommand({ Name: name, SecretString: SECRET }));
  return answer.ARN!;
}

async function makeCertificate({ motoUrl, region }: Place): Promise<string> {
  const target = "CertificateManager.RequestCertificate";
  const json = { DomainName: "*.play.example.org" };
  return JSON.parse(await ask(motoUrl, { service: "acm", region, target, json })).CertificateArn;
}

async function makeDistribution(name: string, place: Place): Promise<string> {
  const client = new CloudFrontClient(settingsOf(place));
  const origin = { Id: "pages", DomainName: "pages.s3.amazonaws.com", S3OriginConfig: { OriginAccessIdentity: "" } };
  const answer = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: name,
        Comment: name,
        Enabled: true,
        Origins: { Quantity: 1, Items: [origin] },
        DefaultCacheBehavior: { TargetOriginId: "pages", ViewerProtocolPolicy: "redirect-to-https" },
      },
    }),
  );
  return answer.Distribution!.Id!;
}

export async function removeBeside(leftOut: readonly LeftOut[], place: Place): Promise<void> {
  const secrets = new SecretsManagerClient(settingsOf(place));
  for (const { type, ref } of leftOut) {
    if (type === "AWS::SecretsManager::Secret")
      await secrets.send(new DeleteSecretCommand({ SecretId: ref, ForceDeleteWithoutRecovery: true }));
  }
}
