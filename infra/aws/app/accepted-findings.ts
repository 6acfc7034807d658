// Every finding of cdk-nag that we live with, and why: the only place where one is waved through. Each holds for one construct; what
// is new is refused by the next synth, and a test refuses what nothing needs any more.
import { type App, Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

export interface AcceptedFinding {
  /** The construct's path in its stack. */
  readonly path: string;
  /** cdk-nag's id (https://github.com/cdklabs/cdk-nag/blob/main/RULES.md), or the CDK's own. */
  readonly rule: string | ((stack: Stack) => string);
  readonly reason: string;
}

const NO_ROTATION =
  "Nobody types or sees it, it is read by tasks when they start, and a rotation would end every session or connection that it holds. A deploy after `aws secretsmanager put-secret-value` changes it.";
const SMG4 = "AwsSolutions-SMG4";
const WHO_LOGS = "It holds nothing private, and requests for it are few: CloudFront's metrics count them.";

export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  { path: "SessionSecret", rule: SMG4, reason: NO_ROTATION },
  { path: "RedisSecret", rule: SMG4, reason: NO_ROTATION },
  { path: "OperatorSecret", rule: SMG4, reason: NO_ROTATION },
  { path: "OriginSecret", rule: SMG4, reason: NO_ROTATION },
  {
    path: "LoadBalancerSecurityGroup",
    rule: "AwsSolutions-EC23",
    reason: "A game for everybody: its load balancer is open to the world, on the listeners' ports only.",
  },
  {
    path: "AccessLogs",
    rule: "AwsSolutions-S1",
    reason: "It holds logs itself: a log of the logs would grow by itself.",
  },
  { path: "Client", rule: "AwsSolutions-S1", reason: `Only CloudFront reads it. ${WHO_LOGS}` },
  { path: "Site", rule: "AwsSolutions-CFR1", reason: "The game is for every country." },
  {
    path: "Site",
    rule: "AwsSolutions-CFR2",
    reason:
      "A web ACL costs more than the idle page, and does not look into the game's sockets, whose limits are the servers'.",
  },
  {
    path: "Site",
    rule: "AwsSolutions-CFR3",
    reason: `${WHO_LOGS} What reaches the game is in the load balancer's access log.`,
  },
  {
    path: "Site",
    rule: "AwsSolutions-CFR4",
    reason:
      "CloudFront's own name comes with its own certificate, for which no version of TLS can be chosen. With a domain it is 1.2.",
  },
  {
    path: "Site",
    rule: "AwsSolutions-CFR5",
    reason:
      "No domain means no certificate for the load balancer, so CloudFront speaks HTTP to it: for demos. With a domain everything is TLS.",
  },
  {
    path: "Site/Origin1",
    rule: "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
    reason:
      "The right to list makes S3 say 404 and not 403; the distribution has a root object, so nobody can ask for a list.",
  },
  {
    path: "Task/TaskRole/DefaultPolicy",
    rule: "AwsSolutions-IAM5[Resource::*]",
    reason: "ELBv2's Describe calls know no resources in IAM. They are narrowed to the region, and change nothing.",
  },
  {
    path: "Task/TaskRole/DefaultPolicy",
    rule: ({ region, stackName }) =>
      `AwsSolutions-IAM5[Resource::arn:aws:ecs:${region}:<AWS::AccountId>:task/${stackName}/*]`,
    reason: "A task's own id is not known before it runs; its cluster holds nothing but this service.",
  },
  {
    path: "Task/ExecutionRole/DefaultPolicy",
    rule: "AwsSolutions-IAM5[Resource::*]",
    reason: "ecr:GetAuthorizationToken knows no resources in IAM. What may be pulled is this repository's.",
  },
  {
    path: "Task",
    rule: "AwsSolutions-ECS2",
    reason: "These are names, numbers and addresses. What is secret comes from Secrets Manager.",
  },
  {
    path: "Service/BlueGreenRole",
    rule: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]",
    reason: "ECS itself takes this role for its blue/green, and AWS keeps the policy to what ECS needs.",
  },
];

export function acceptFindings(app: App): void {
  const stacks = app.node.children.filter((child): child is Stack => Stack.isStack(child));
  for (const stack of stacks) {
    for (const { path, rule, reason } of ACCEPTED_FINDINGS) {
      const construct = find(stack, path);
      if (construct === undefined) continue; // not with these settings
      Validations.of(construct).acknowledge({ id: ruleIn(stack, rule), reason });
    }
  }
}

export const ruleIn = (stack: Stack, rule: AcceptedFinding["rule"]): string =>
  typeof rule === "string" ? rule : rule(stack);

const find = (stack: Stack, path: string): IConstruct | undefined =>
  path.split("/").reduce<IConstruct | undefined>((at, id) => at?.node.tryFindChild(id), stack);
