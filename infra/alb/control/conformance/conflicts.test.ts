// What stands against what there is, and what is too much of it.

import {
  fixed,
  forward,
  known,
  newGroup,
  newListener,
  noLb,
  type Row,
  rule,
  several,
  testRefusals,
} from "./setting.ts";

const conflicts: readonly Row[] = [
  [
    "CreateLoadBalancer",
    "other settings",
    { Name: "game", Scheme: "internal" },
    "DuplicateLoadBalancerName",
    "already exists.",
  ],
  [
    "CreateTargetGroup",
    "other settings",
    newGroup({ Name: "used", Port: 81 }),
    "DuplicateTargetGroupName",
    "A target group with the specified name already exists.",
  ],
  [
    "CreateListener",
    "a port that is taken",
    newListener(() => ({ Port: known.port })),
    "DuplicateListener",
    "A listener with the specified port already exists.",
  ],
  [
    "ModifyListener",
    "a port that is taken",
    () => ({ ListenerArn: known.https, Port: known.port }),
    "DuplicateListener",
    "already exists.",
  ],
  [
    "CreateRule",
    "a priority that is taken",
    rule({ Priority: 1 }),
    "PriorityInUse",
    "The specified priority is in use.",
  ],
  [
    "SetRulePriorities",
    "a priority that is taken",
    () => ({ RulePriorities: [{ RuleArn: known.rule, Priority: 2 }] }),
    "PriorityInUse",
    "in use",
  ],
  [
    "SetRulePriorities",
    "one priority for two rules",
    () => ({ RulePriorities: [known.rule, known.second].map((RuleArn) => ({ RuleArn, Priority: 7 })) }),
    "ValidationError",
    "Priority '7' was provided multiple times",
  ],
  [
    "DeleteTargetGroup",
    "a group in use",
    () => ({ TargetGroupArn: known.group }),
    "ResourceInUse",
    "is currently in use by a listener or a rule",
  ],
  [
    "DeleteLoadBalancer",
    "deletion protection",
    () => ({ LoadBalancerArn: known.protectedLb }),
    "OperationNotPermitted",
    "deletion protection is enabled",
  ],
  ...["ModifyRule", "DeleteRule"].map(
    (each): Row => [
      each,
      "a default rule",
      () => ({ RuleArn: known.defaultRule }),
      "OperationNotPermitted",
      "Default rule",
    ],
  ),
  [
    "SetRulePriorities",
    "a default rule",
    () => ({ RulePriorities: [{ RuleArn: known.defaultRule, Priority: 3 }] }),
    "OperationNotPermitted",
    "Default rule",
  ],
  [
    "RemoveListenerCertificates",
    "the default certificate",
    () => ({ ListenerArn: known.https, Certificates: [{ CertificateArn: known.certificate }] }),
    "OperationNotPermitted",
    "default certificate",
  ],
  [
    "CreateListener",
    "another load balancer's group",
    newListener(() => ({ LoadBalancerArn: known.otherLb, DefaultActions: forward(known.group) })),
    "TargetGroupAssociationLimit",
    "cannot be associated with more than one load balancer",
  ],
  [
    "RegisterTargets",
    "a draining target",
    () => ({ TargetGroupArn: known.group, Targets: [{ Id: "127.0.0.1", Port: 9 }] }),
    "InvalidTarget",
    "draining",
  ],
  [
    "RegisterTargets",
    "a public address",
    () => ({ TargetGroupArn: known.group, Targets: [{ Id: "8.8.8.8" }] }),
    "InvalidTarget",
    "'8.8.8.8'",
  ],
  [
    "AddTags",
    "a key given twice",
    () => ({
      ResourceArns: [known.lb],
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
    }),
    "DuplicateTagKeys",
    "Tag key was specified more than once: a",
  ],
  [
    "CreateLoadBalancer",
    "a tag key given twice",
    {
      Name: "tagged",
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
    },
    "DuplicateTagKeys",
    "more than once: a",
  ],
];

const tooMany: readonly Row[] = [
  [
    "AddTags",
    "51 tags",
    () => ({ ResourceArns: [known.lb], Tags: several(51, (i) => ({ Key: `k${i}`, Value: "" })) }),
    "TooManyTags",
    "50",
  ],
  [
    "CreateTargetGroup",
    "51 tags",
    newGroup({ Tags: several(51, (i) => ({ Key: `k${i}`, Value: "" })) }),
    "TooManyTags",
    "50",
  ],
  ["CreateRule", "six actions", rule({ Actions: several(6, () => fixed[0]) }), "TooManyActions", "'5'"],
  [
    "AddTags",
    "21 resources",
    () => ({ ResourceArns: several(21, () => known.lb), Tags: [{ Key: "a", Value: "" }] }),
    "ValidationError",
    "at most 20",
  ],
  [
    "DescribeLoadBalancers",
    "21 load balancers",
    { LoadBalancerArns: several(21, () => noLb) },
    "ValidationError",
    "at most 20",
  ],
  [
    "DescribeRules",
    "a page of 401",
    () => ({ ListenerArn: known.listener, PageSize: 401 }),
    "ValidationError",
    "less than or equal to 400",
  ],
];

testRefusals([...conflicts, ...tooMany]);
