import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../stack/environment.ts";
import { operatorPolicy, telling } from "./operator-policy.ts";

/** Where IAM's name of a service is not that of CloudFormation, in small letters. */
const IAM_NAMES: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: "application-autoscaling",
  CertificateManager: "acm",
  ElasticLoadBalancingV2: "elasticloadbalancing",
};
/** AWS limits a managed policy to so many characters, without spaces. */
const POLICY_MAX_CHARS = 6_144;

const folder = join(repositoryRoot, "infra/aws/app/snapshots");
const templates = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
const services = new Set(
  templates.flatMap((text) => [...text.matchAll(/Type: AWS::(\w+)::/g)].map(([, name]) => name!)),
);

const allowed = operatorPolicy().flatMap(({ Action }) => Action);
const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(action);

test.each([...services].sort())("an operator may make what the templates want of %s", (service) => {
  const prefix = IAM_NAMES[service] ?? service.toLowerCase();
  expect(allowed.filter((action) => action.startsWith(`${prefix}:`))).not.toEqual([]);
});

test("what IAM is asked about is what the policy allows", () => {
  const asked = telling("111122223333").flatMap(({ actions }) => actions);
  expect(asked.filter((action) => !allowed.some((pattern) => matches(pattern, action)))).toEqual([]);
});

// By which the network's type names hide further actions: each of these is called for one of our resources.
test.each([
  ...[
    "ec2:CreateVpc",
    "ec2:ModifyVpcAttribute",
    "ec2:CreateSubnet",
    "ec2:ModifySubnetAttribute",
    "ec2:AssociateRouteTable",
  ],
  ...[
    "ec2:CreateRoute",
    "ec2:AttachInternetGateway",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupEgress",
  ],
  ...[
    "ec2:CreateFlowLogs",
    "ec2:CreateNatGateway",
    "ec2:AllocateAddress",
    "ec2:CreateTags",
    "ec2:DescribeAvailabilityZones",
  ],
  ...["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRole", "iam:PassRole", "iam:AttachRolePolicy"],
  ...[
    "ecs:DeleteService",
    "ecs:UpdateTaskProtection",
    "ecr:BatchDeleteImage",
    "s3:DeleteObjectVersion",
    "tag:GetResources",
  ],
])("%s is allowed", (action) => {
  expect(allowed.some((pattern) => matches(pattern, action))).toBe(true);
});

test("roles, buckets, images and stacks are limited to our name", () => {
  for (const { Sid, Resource } of operatorPolicy("111122223333"))
    if (["Roles", "Pages", "Repository", "Stacks"].includes(Sid))
      expect(
        [Resource].flat().every((arn) => arn.includes("tidegate")),
        Sid,
      ).toBe(true);
});

test("it fits into a managed policy", () => {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: operatorPolicy() });
  expect(text.length).toBeLessThan(POLICY_MAX_CHARS);
});
