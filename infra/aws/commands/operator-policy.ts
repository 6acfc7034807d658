// What somebody who deploys has to be allowed, as data: the preflight asks IAM about it, `npm run aws -- policy` prints it. Stacks are
// made with the operator's own rights, so it is long; what carries our name is limited to our name.

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Everything that a deploy, a rollout and a destruction call, by themselves or through CloudFormation. */
export function operatorPolicy(account = "*"): readonly Statement[] {
  const allow = (Sid: string, Action: readonly string[], Resource: Statement["Resource"] = "*"): Statement => ({
    ...{ Sid, Effect: "Allow", Action, Resource },
  });
  return [
    allow("Who", ["sts:GetCallerIdentity", "servicequotas:GetServiceQuota", "tag:GetResources"]),
    allow("WhatMayI", ["iam:SimulatePrincipalPolicy", "iam:GetRole"]),
    allow(
      "Stacks",
      ["cloudformation:*"],
      [
        `arn:aws:cloudformation:*:${account}:stack/tidegate-*`,
        `arn:aws:cloudformation:*:${account}:stack/tidegate-*/*`,
      ],
    ),
    allow("Network", ["ec2:*Vpc*", "ec2:*Subnet*", "ec2:*Route*", "ec2:*InternetGateway*", "ec2:*SecurityGroup*"]),
    allow("Addresses", [
      "ec2:*NatGateway*",
      "ec2:*Address*",
      "ec2:*Tags",
      "ec2:Describe*",
      "ec2:*NetworkInterface*",
      "ec2:*FlowLogs",
    ]),
    allow("LoadBalancer", ["elasticloadbalancing:*"]),
    allow("Servers", ["ecs:*", "application-autoscaling:*"]),
    allow("Redis", ["elasticache:*"]),
    allow("Images", ["ecr:GetAuthorizationToken"]),
    allow("Repository", ["ecr:*"], `arn:aws:ecr:*:${account}:repository/tidegate*`),
    allow("Pages", ["s3:*"], ["arn:aws:s3:::tidegate-*", "arn:aws:s3:::tidegate-*/*"]),
    allow("Edge", ["cloudfront:*", "acm:*"]),
    allow("Names", ["route53:GetHostedZone", "route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"]),
    allow("NamesUnderWay", ["route53:GetChange"]),
    allow("Secrets", ["secretsmanager:*"], `arn:aws:secretsmanager:*:${account}:secret:*`),
    allow("Passwords", ["secretsmanager:GetRandomPassword"]),
    allow("Watching", ["logs:*", "cloudwatch:*", "sns:*"]),
    allow("Budget", ["budgets:*"]),
    allow(
      "Roles",
      ["iam:*Role", "iam:*RolePolicy", "iam:*RolePolicies", "iam:TagRole", "iam:UntagRole"],
      ourRoles(account),
    ),
    {
      ...allow("ServiceRoles", ["iam:CreateServiceLinkedRole"], `arn:aws:iam::${account}:role/aws-service-role/*`),
      Condition: { StringEquals: { "iam:AWSServiceName": SERVICES_WITH_ROLES } },
    },
  ];
}

/** Services that make a role of their own when an account uses them for the first time. */
const SERVICES_WITH_ROLES = [
  ...["ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com", "elasticache.amazonaws.com"],
  "ecs.application-autoscaling.amazonaws.com",
];

const ourRoles = (account: string): string => `arn:aws:iam::${account}:role/tidegate-*`;

/** One question to IAM: whether each of these may be done to this. */
export interface Question {
  readonly actions: readonly string[];
  /** Undefined: to anything. */
  readonly resource?: string;
}

/** One action or two for each thing that a deploy makes: who may do these may do the rest. */
export function telling(account: string): readonly Question[] {
  return [
    {
      actions: [
        ...["ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateSecurityGroup", "elasticloadbalancing:CreateLoadBalancer"],
        ...["elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:CreateListener", "ecs:CreateCluster"],
        ...["ecs:CreateService", "ecs:RegisterTaskDefinition", "application-autoscaling:RegisterScalableTarget"],
        ...["elasticache:CreateReplicationGroup", "cloudfront:CreateDistribution", "ecr:GetAuthorizationToken"],
        ...["logs:CreateLogGroup", "cloudwatch:PutMetricAlarm", "cloudwatch:PutDashboard", "budgets:ModifyBudget"],
      ],
    },
    {
      actions: ["cloudformation:CreateStack"],
      resource: `arn:aws:cloudformation:us-east-1:${account}:stack/tidegate-eu/*`,
    },
    { actions: ["ecr:CreateRepository"], resource: `arn:aws:ecr:us-east-1:${account}:repository/tidegate` },
    { actions: ["s3:CreateBucket"], resource: "arn:aws:s3:::tidegate-eu-client" },
    {
      actions: ["iam:CreateRole", "iam:PassRole", "iam:PutRolePolicy"],
      resource: `arn:aws:iam::${account}:role/tidegate-eu-task`,
    },
    {
      actions: ["secretsmanager:CreateSecret"],
      resource: `arn:aws:secretsmanager:us-east-1:${account}:secret:tidegate`,
    },
  ];
}
