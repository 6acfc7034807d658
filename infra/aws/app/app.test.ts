// What the templates must say, item by item. Whether AWS's rules for safe set-ups are kept: accepted-findings.test.ts, synth.test.ts.
import { expect, test } from "vitest";
import { topology } from "../../stack/topology.ts";
import { carriedBy } from "../commands/release.ts";
import { type Json, synthesiseAll, synthesiseInput, type Template, type Variant } from "./testing/variants.ts";

/** What CloudFormation takes in a request, without a bucket. */
const TEMPLATE_MAX_BYTES = 51_200;

const { made, templates, one } = synthesiseAll();
const text = (value: unknown): string => JSON.stringify(value);

test("a deployment is an images stack and a stack for each region, and with a domain one for the page", () => {
  const names = (variant: Variant) => made[variant].assembly.stacks.map(({ stackName }) => stackName).sort();
  expect(names("demo")).toEqual(["tidegate-eu", "tidegate-images-eu"]);
  expect(names("twoRegions")).toEqual([
    ...["tidegate-edge", "tidegate-eu", "tidegate-images-eu", "tidegate-images-us", "tidegate-us"],
  ]);
  const regions = made.twoRegions.assembly.stacks.map(({ stackName, environment }) => [stackName, environment.region]);
  expect(Object.fromEntries(regions)).toMatchObject({
    ...{ "tidegate-eu": "eu-west-1", "tidegate-us": "us-east-1", "tidegate-edge": "us-east-1" },
  });
});

test("no template needs a bucket, a bootstrap, a look-up, an asset or a custom resource", () => {
  for (const { assembly } of Object.values(made)) {
    expect(assembly.manifest.missing).toBeUndefined();
    for (const { template, assets, assumeRoleArn, cloudFormationExecutionRoleArn } of assembly.stacks) {
      expect(text(template).length).toBeLessThan(TEMPLATE_MAX_BYTES);
      expect({ assets, assumeRoleArn, cloudFormationExecutionRoleArn }).toEqual({ assets: [] });
      expect(template.Parameters).toBeUndefined();
      const types = Object.values((template as Template).Resources).map(({ Type }) => Type);
      expect(types.filter((type) => /^Custom::|Lambda|CustomResource/.test(type))).toEqual([]);
    }
  }
});

test("a template is the same whether the account is said or not, so that saying it replaces no servers", () => {
  const { template } = synthesiseInput({ account: "111122223333" });
  for (const { stackName } of made.demo.assembly.stacks)
    expect(template(stackName)).toEqual(made.demo.template(stackName));
});

test("the outputs are those that commands and the rollout rely on", () => {
  const outputs = (variant: Variant, stack: string) => Object.keys(made[variant].template(stack).Outputs).sort();
  const region = [
    ...["Url", "ClusterName", "ServiceName", "TaskFamily", "TargetGroupArn", "AlternateTargetGroupArn", "ListenerArn"],
    ...[
      "ListenerRuleArn",
      "LoadBalancerArn",
      "LoadBalancerDns",
      "RedisEndpoint",
      "OperatorSecretArn",
      "AccessLogBucket",
    ],
  ];
  const site = ["ClientBucket", "DistributionId"];
  expect(outputs("demo", "tidegate-eu")).toEqual([...region, ...site].sort());
  expect(outputs("twoRegions", "tidegate-us")).toEqual([...region].sort());
  expect(outputs("twoRegions", "tidegate-edge")).toEqual([...site, "Url"].sort());
  expect(outputs("demo", "tidegate-images-eu")).toEqual(["RepositoryUri"]);
});

test("whatever keeps data or costs goes with its stack", () => {
  const keeps =
    /^AWS::(S3::Bucket|Logs::LogGroup|SecretsManager::Secret|ElastiCache::ReplicationGroup|ECR::Repository)$/;
  const kept = templates().flatMap(({ Resources }) => Object.values(Resources).filter(({ Type }) => keeps.test(Type)));
  expect(kept.length).toBeGreaterThan(20);
  for (const { DeletionPolicy, UpdateReplacePolicy } of kept)
    expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
    });
  for (const { LoadBalancerAttributes } of made.demo.all("tidegate-eu", "AWS::ElasticLoadBalancingV2::LoadBalancer"))
    expect(LoadBalancerAttributes).toContainEqual({ Key: "deletion_protection.enabled", Value: "false" });
});

test("two zones without NAT give tasks public addresses behind closed doors; three with NAT give them none", () => {
  expect(made.demo.all("tidegate-eu", "AWS::EC2::NatGateway")).toHaveLength(0);
  expect(made.demo.all("tidegate-eu", "AWS::EC2::Subnet")).toHaveLength(4);
  expect(made.twoRegions.all("tidegate-eu", "AWS::EC2::NatGateway")).toHaveLength(3);
  expect(made.twoRegions.all("tidegate-eu", "AWS::EC2::Subnet")).toHaveLength(9);
  const network = (variant: Variant) => one(variant, "AWS::ECS::Service").NetworkConfiguration.AwsvpcConfiguration;
  expect(network("demo").AssignPublicIp).toBe("ENABLED");
  expect(network("twoRegions").AssignPublicIp).toBe("DISABLED");
});

test("the world gets to the load balancer, the load balancer to the tasks, the tasks to Redis, and nobody else to anything", () => {
  const world = made.demo
    .all("tidegate-eu", "AWS::EC2::SecurityGroup")
    .flatMap(({ SecurityGroupIngress = [] }) => SecurityGroupIngress);
  expect(world).toMatchObject([{ CidrIp: "0.0.0.0/0", FromPort: 80, ToPort: 80 }]);
  const inside = made.demo.all("tidegate-eu", "AWS::EC2::SecurityGroupIngress");
  const ways = inside.map(({ GroupId, SourceSecurityGroupId, FromPort, ToPort }) => [
    ...[nameOf(SourceSecurityGroupId), nameOf(GroupId), FromPort, ToPort],
  ]);
  expect(ways.sort()).toEqual([
    [
      "LoadBalancerSecurityGroup",
      "ServiceSecurityGroup",
      topology.targetGroups.game.port,
      topology.targetGroups.game.port,
    ],
    ["ServiceSecurityGroup", "RedisSecurityGroup", 6380, 6380],
  ]);
});

const nameOf = (reference: Json): string => (reference.Ref ?? reference["Fn::GetAtt"][0]).replace(/[0-9A-F]{8}$/, "");

test("ECS replaces servers beside each other, rolls a bad deployment back, moves none for the zones' sake, and can do blue/green", () => {
  expect(one("demo", "AWS::ECS::Service")).toMatchObject({
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    },
    AvailabilityZoneRebalancing: "DISABLED",
    EnableExecuteCommand: false,
    HealthCheckGracePeriodSeconds: 60,
    LoadBalancers: [
      {
        ContainerName: "game",
        ContainerPort: topology.targetGroups.game.port,
        TargetGroupArn: { Ref: expect.stringMatching(/^Blue/) },
        AdvancedConfiguration: {
          AlternateTargetGroupArn: { Ref: expect.stringMatching(/^Green/) },
          ProductionListenerRule: { Ref: expect.stringMatching(/^Production/) },
          RoleArn: expect.anything(),
        },
      },
    ],
  });
});

test("a task is a careful container: no root, no capabilities, nothing to write to, time to say goodbye", () => {
  const { ContainerDefinitions, ...task } = one("demo", "AWS::ECS::TaskDefinition");
  // One vCPU of Fargate has 2 GiB at least, which is more than the topology asks for.
  expect(task).toMatchObject({ Cpu: "1024", Memory: "2048", RuntimePlatform: { CpuArchitecture: "ARM64" } });
  expect(one("twoRegions", "AWS::ECS::TaskDefinition").RuntimePlatform.CpuArchitecture).toBe("X86_64");
  expect(ContainerDefinitions).toHaveLength(1);
  expect(ContainerDefinitions[0]).toMatchObject({
    ...{ Name: "game", User: "1000:1000", ReadonlyRootFilesystem: true },
    StopTimeout: topology.delays.aws.stopTimeoutSeconds,
    LinuxParameters: { Capabilities: { Drop: ["ALL"] }, InitProcessEnabled: true },
    Ulimits: [{ Name: "nofile", SoftLimit: 65536, HardLimit: 65536 }],
    PortMappings: [{ ContainerPort: topology.targetGroups.game.port }],
    LogConfiguration: { LogDriver: "awslogs" },
  });
  // Its flags are in the image, and so the same in a container anywhere.
  expect(ContainerDefinitions[0].Command).toBeUndefined();
});

test("a task may look at target groups of its region and protect tasks of its cluster, and nothing else", () => {
  const policies = made.demo.all("tidegate-eu", "AWS::IAM::Policy");
  const statements = (role: string) =>
    policies.find(({ PolicyName }) => PolicyName.startsWith(role)).PolicyDocument.Statement;
  expect(statements("TaskTaskRole")).toEqual([
    {
      Action: ["elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetHealth"],
      Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
      ...{ Effect: "Allow", Resource: "*" },
    },
    {
      Action: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
      Effect: "Allow",
      Resource: { "Fn::Join": ["", ["arn:aws:ecs:eu-west-1:", { Ref: "AWS::AccountId" }, ":task/tidegate-eu/*"]] },
    },
  ]);
  const execution = statements("TaskExecutionRole").filter(({ Resource }: Json) => Resource === "*");
  expect(execution.map(({ Action }: Json) => Action)).toEqual(["ecr:GetAuthorizationToken"]);
});

test("Redis is two nodes in two zones that stand in for each other, encrypted on its way and at rest, with a token", () => {
  expect(one("demo", "AWS::ElastiCache::ReplicationGroup")).toMatchObject({
    ...{ NumCacheClusters: 2, AutomaticFailoverEnabled: true, MultiAZEnabled: true },
    ...{ TransitEncryptionEnabled: true, AtRestEncryptionEnabled: true },
    AuthToken: { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: expect.any(String) }, ":SecretString:::}}"]] },
  });
});

test("no secret stands in a template or in a task's plain environment", () => {
  const secrets = made.demo.all("tidegate-eu", "AWS::SecretsManager::Secret");
  expect(secrets).toHaveLength(4);
  for (const { SecretString, GenerateSecretString } of secrets)
    expect({ SecretString, GenerateSecretString }).toEqual({
      GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 48 },
    });
  const [container] = one("demo", "AWS::ECS::TaskDefinition").ContainerDefinitions;
  const plain = container.Environment.map(({ Name }: Json) => Name);
  const secret = container.Secrets.map(({ Name }: Json) => Name);
  expect(secret).toEqual(["SESSION_SECRET", "REDIS_PASSWORD", "OPERATOR_TOKEN"]);
  expect(plain.filter((name: string) => /SECRET|PASSWORD|TOKEN/.test(name))).toEqual([]);
});

test("without a domain only CloudFront gets through the load balancer, by a header that it alone knows", () => {
  const [listener, ...others] = made.demo.all("tidegate-eu", "AWS::ElasticLoadBalancingV2::Listener");
  expect(others).toEqual([]);
  expect(listener).toMatchObject({ Port: 80, DefaultActions: [{ FixedResponseConfig: { StatusCode: "403" } }] });
  const rules = made.demo.all("tidegate-eu", "AWS::ElasticLoadBalancingV2::ListenerRule");
  const [production] = rules.filter(({ Actions }) => Actions[0].Type === "forward");
  const [{ HttpHeaderConfig }] = production.Conditions;
  const { DistributionConfig } = one("demo", "AWS::CloudFront::Distribution");
  const [origin] = DistributionConfig.Origins.filter(({ CustomOriginConfig }: Json) => CustomOriginConfig);
  expect(origin.OriginCustomHeaders).toEqual([
    { HeaderName: HttpHeaderConfig.HttpHeaderName, HeaderValue: HttpHeaderConfig.Values[0] },
  ]);
  expect(text(HttpHeaderConfig.Values[0])).toContain("resolve:secretsmanager");
  const paths = DistributionConfig.CacheBehaviors.map(({ PathPattern }: Json) => PathPattern);
  expect(paths).toEqual(["/assets/*", "/socket.io/*", "/api/*", "/fleetz"]);
});

test("with a domain the page's own host leads to the nearest region as well, by TLS and by that region's name", () => {
  const { DistributionConfig } = one("twoRegions", "AWS::CloudFront::Distribution", "tidegate-edge");
  const [origin] = DistributionConfig.Origins.filter(({ CustomOriginConfig }: Json) => CustomOriginConfig);
  expect(origin).toMatchObject({
    DomainName: "live.play.example.org",
    CustomOriginConfig: { OriginProtocolPolicy: "https-only", OriginSSLProtocols: ["TLSv1.2"] },
  });
  const behaviours = DistributionConfig.CacheBehaviors.filter(
    ({ TargetOriginId }: Json) => TargetOriginId === origin.Id,
  );
  expect(behaviours.map(({ PathPattern }: Json) => PathPattern)).toEqual(["/socket.io/*", "/api/*", "/fleetz"]);
  // AWS's "AllViewerExceptHostHeader": with the page's host, the load balancer's certificate would not fit.
  for (const { OriginRequestPolicyId } of behaviours)
    expect(OriginRequestPolicyId).toBe("b689b0a8-53d0-40ab-baf2-68738e2966ac");
});

test("with a domain there is TLS to the load balancer, a redirect to it, and a name for each region and for the nearest", () => {
  const listeners = made.twoRegions.all("tidegate-us", "AWS::ElasticLoadBalancingV2::Listener");
  const byPort = Object.fromEntries(listeners.map((listener) => [listener.Port, listener]));
  expect(byPort[443]).toMatchObject({ Protocol: "HTTPS", SslPolicy: topology.listeners.https.sslPolicy });
  expect(byPort[80].DefaultActions).toEqual([
    { Type: "redirect", RedirectConfig: { Port: "443", Protocol: "HTTPS", StatusCode: "HTTP_301" } },
  ]);
  expect(one("twoRegions", "AWS::CertificateManager::Certificate", "tidegate-us")).toMatchObject({
    ...{
      DomainName: "us.play.example.org",
      SubjectAlternativeNames: ["live.play.example.org"],
      ValidationMethod: "DNS",
    },
  });
  const records = made.twoRegions.all("tidegate-us", "AWS::Route53::RecordSet");
  expect(records.map(({ Name, Region, SetIdentifier, Type }) => ({ Name, Region, SetIdentifier, Type }))).toEqual([
    { Name: "us.play.example.org.", Type: "A" },
    { Name: "live.play.example.org.", Region: "us-east-1", SetIdentifier: "us", Type: "A" },
  ]);
  for (const { AliasTarget } of records) expect(AliasTarget.EvaluateTargetHealth).toBe(true);
});

test("the page is private on S3, comes by HTTPS only, and its assets for ever", () => {
  for (const [variant, stack] of [
    ["demo", "tidegate-eu"],
    ["twoRegions", "tidegate-edge"],
  ] as const) {
    const { DistributionConfig } = one(variant, "AWS::CloudFront::Distribution", stack);
    expect(DistributionConfig.DefaultRootObject).toBe("index.html");
    const behaviours = [DistributionConfig.DefaultCacheBehavior, ...DistributionConfig.CacheBehaviors];
    for (const { ViewerProtocolPolicy } of behaviours)
      expect(ViewerProtocolPolicy).toMatch(/^redirect-to-https|https-only$/);
    expect(made[variant].all(stack, "AWS::CloudFront::OriginAccessControl")).toHaveLength(1);
    const headers = made[variant].all(stack, "AWS::CloudFront::ResponseHeadersPolicy").map(text);
    expect(headers.filter((policy) => policy.includes("immutable"))).toHaveLength(1);
    expect(headers.filter((policy) => policy.includes('"no-cache"'))).toHaveLength(1);
  }
  const buckets = templates().flatMap(({ Resources }) =>
    Object.values(Resources).filter(({ Type }) => Type === "AWS::S3::Bucket"),
  );
  for (const { Properties } of buckets) {
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    // An asset of an earlier build must stay: only logs and uploads that were given up expire.
    const expires = Properties.LifecycleConfiguration.Rules.some(({ ExpirationInDays }: Json) => ExpirationInDays);
    expect(expires).toBe(text(Properties).includes("14"));
  }
});

test("a later deploy finds in a template what it has to go on with", () => {
  const carried = { version: "v1", generation: 1, servers: 3, minServers: 3 };
  expect(carriedBy(text(made.demo.template("tidegate-eu")))).toEqual(carried);
  expect(carriedBy(text(made.demo.template("tidegate-images-eu")))).toBeUndefined();
});

test("servers are scaled by the players on each, down as well as up", () => {
  expect(one("demo", "AWS::ApplicationAutoScaling::ScalableTarget")).toMatchObject({ MinCapacity: 3, MaxCapacity: 32 });
  expect(one("demo", "AWS::ApplicationAutoScaling::ScalingPolicy").TargetTrackingScalingPolicyConfiguration).toEqual({
    CustomizedMetricSpecification: {
      ...{ Namespace: "Tidegate", MetricName: "PlayersPerServer", Statistic: "Average" },
      Dimensions: [{ Name: "Service", Value: "tidegate" }],
    },
    ...{ TargetValue: topology.autoscaling.aws.targetValue, ScaleInCooldown: 300, ScaleOutCooldown: 300 },
  });
});
