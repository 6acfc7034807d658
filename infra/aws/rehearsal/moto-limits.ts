// What moto cannot do, found out by trying, with what the rehearsal does instead. The list is held to the truth: a rehearsal fails when moto
// passes over something that is not on it.

import type { UnknownAttributes } from "./reduce.ts";

/** Pinned: what moto can do changes from one version to the next. */
export const MOTO_VERSION = "5.2.5";

/** Resources that moto's CloudFormation does not know. The rest of the template gets values of the same form in their place. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "AWS::ApplicationAutoScaling::ScalableTarget": "not made",
  "AWS::ApplicationAutoScaling::ScalingPolicy": "not made",
  "AWS::Budgets::Budget": "not made",
  "AWS::CertificateManager::Certificate": "made through moto's ACM",
  "AWS::CloudFront::Distribution":
    "made through moto's CloudFront, so that invalidations reach one; its cache rules are not checked",
  "AWS::CloudFront::OriginAccessControl": "not made",
  "AWS::CloudFront::ResponseHeadersPolicy": "not made",
  "AWS::CloudWatch::Alarm": "not made",
  "AWS::EC2::SecurityGroupEgress": "not made",
  "AWS::ElastiCache::ReplicationGroup": "not made; servers are told a name of the right form",
  "AWS::ElastiCache::SubnetGroup": "not made",
  "AWS::S3::BucketPolicy": "not made",
  "AWS::SecretsManager::Secret": "made through moto's Secrets Manager, with a value of its own",
  "AWS::SNS::Subscription": "not made",
  "AWS::SNS::TopicPolicy": "not made",
};

/** Attributes of resources that moto does know. */
export const UNKNOWN_ATTRIBUTES: UnknownAttributes = {
  "AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupFullName": "targetgroup/tidegate-game/0000000000000000",
  "AWS::ElasticLoadBalancingV2::LoadBalancer.LoadBalancerFullName": "app/tidegate/0000000000000000",
  "AWS::ElasticLoadBalancingV2::LoadBalancer.CanonicalHostedZoneID": "Z0000000000000",
};

/** Calls that do not go to moto, or not as they came. */
export const PLAYED: Readonly<Record<string, string>> = {
  "cloudformation CreateStack":
    "reaches moto without the resources above, and with secrets filled in, which CloudFormation does itself",
  "cloudformation UpdateStack":
    "likewise; the same template again is answered by us (No updates are to be performed), since moto does not look. Containers are put into ECS's words, which moto does only for a stack that is new; tasks start anew",
  "cloudformation DeleteStack":
    "takes what was made beside the stack along, and what moto forgets to delete: target groups, cluster, route tables, gateways, flow logs, and so the network",
  "cloudformation DescribeStacks, DescribeStackEvents, ListStackResources of a deleted stack":
    "answered by us: moto, when asked, makes its resources again",
  "cloudformation GetTemplate": "answered by us with the whole template, as AWS would",
  "route53 *": "the hosted zone's id is replaced by moto's, which has another form than AWS's",
  "iam SimulatePrincipalPolicy":
    "answered by us with AccessDenied: moto does not know it (preflight.test.ts has its calls)",
};

/** Of ECS and the load balancer, what moto cannot do without tasks that run. */
export const TASKS_PLAYED =
  "tasks, their protection, their targets' health and deployments of a service are played by the model of ECS that the tests of rollouts use, in quicker time; services and task definitions are moto's";

/** Properties that moto's CloudFormation takes and forgets. */
export const FORGOTTEN: readonly string[] = [
  "AWS::ElasticLoadBalancingV2::TargetGroup TargetGroupAttributes (infra/aws/app/same-load-balancer.test.ts compares them)",
];

/** What nobody plays here. */
export const NOT_REHEARSED: readonly string[] = [
  "Docker: the image is neither built nor pushed; the docker of the rehearsal writes down what it is told, and puts an image into moto's repository",
  "time: moto has everything at once, so waiting and progress are rehearsed by tests on virtual time only (stacks.test.ts)",
  "failures of AWS half way: tests with a stand-in account (deploy.test.ts, destroy.test.ts)",
];
