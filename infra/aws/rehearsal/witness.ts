// Asks moto what there is, in words of its own: it shares no code with the commands whose work it looks at.

export interface Question {
  readonly service: string;
  readonly region: string;
  /** Of the query protocol. */
  readonly form?: string;
  /** Of the JSON protocol: operation, and what it is asked with. */
  readonly target?: string;
  readonly json?: unknown;
  /** Of protocols with paths. */
  readonly path?: string;
  readonly xml?: string;
}

export async function ask(
  motoUrl: string,
  { service, region, form, target, json, path = "/", xml }: Question,
): Promise<string> {
  const headers: Record<string, string> = {
    authorization: `AWS4-HMAC-SHA256 Credential=witness/20200101/${region}/${service}/aws4_request`,
  };
  if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
  if (target !== undefined)
    Object.assign(headers, { "content-type": "application/x-amz-json-1.1", "x-amz-target": target });
  const body = form ?? xml ?? (target === undefined ? undefined : JSON.stringify(json ?? {}));
  const answer = await fetch(new URL(path, motoUrl), {
    method: body === undefined ? "GET" : "POST",
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} answered ${answer.status}: ${text.slice(0, 300)}`);
  return text;
}

/** All contents of an element, in the order of the document. */
export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);

/** Everything of ours in a region that could cost, as `service name`. An account has a network of its own from the start: it is not ours. */
export async function inventory(motoUrl: string, region: string): Promise<string[]> {
  const query = (service: string, form: string) => ask(motoUrl, { service, region, form });
  const named = (what: string, names: string[]) => names.map((name) => `${what} ${name}`);
  const list = async (service: string, target: string, pattern: RegExp, what: string) => {
    const text = await ask(motoUrl, { service, region, target });
    return named(
      what,
      [...text.matchAll(pattern)].map(([, name = ""]) => name),
    );
  };
  const elb = "elasticloadbalancing";
  const found = await Promise.all([
    query(elb, "Action=DescribeLoadBalancers&Version=2015-12-01").then((xml) =>
      named("load balancer", elements(xml, "LoadBalancerArn")),
    ),
    query(elb, "Action=DescribeTargetGroups&Version=2015-12-01").then((xml) =>
      named("target group", elements(xml, "TargetGroupName")),
    ),
    query("ec2", "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=is-default&Filter.1.Value.1=false").then((xml) =>
      named("network", [...new Set(elements(xml, "vpcId"))]),
    ),
    query("iam", "Action=ListRoles&Version=2010-05-08").then((xml) => named("role", elements(xml, "RoleName"))),
    ask(motoUrl, {
      ...{ service: "ecs", region, target: "AmazonEC2ContainerServiceV20141113.DescribeClusters" },
      json: { clusters: ["tidegate-eu", "tidegate-us"] },
    }).then((text) => named("cluster", activeClusters(text))),
    list(
      "ecr",
      "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
      /"repositoryName": ?"([^"]+)"/g,
      "repository",
    ),
    list("secretsmanager", "secretsmanager.ListSecrets", /"Name": ?"([^"]+)"/g, "secret"),
    query("sns", "Action=ListTopics&Version=2010-03-31").then((xml) => named("topic", elements(xml, "TopicArn"))),
    list("logs", "Logs_20140328.DescribeLogGroups", /"logGroupName": ?"([^"]+)"/g, "log group"),
    ask(motoUrl, { service: "s3", region, path: "/" }).then((xml) => named("bucket", elements(xml, "Name"))),
  ]);
  return found.flat().sort();
}

/** A deleted cluster is known as inactive for a while. */
const activeClusters = (text: string): string[] =>
  (JSON.parse(text).clusters as { clusterName: string; status: string }[])
    .filter(({ status }) => status === "ACTIVE")
    .map(({ clusterName }) => clusterName);
