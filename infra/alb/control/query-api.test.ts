import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limits } from "../limits.ts";
import { startApi, type TestApi } from "../testing/api.ts";

const version = "&Version=2015-12-01";
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("ALB-90: an answer is XML in AWS's namespace with a request id", async () => {
  const { status, text, headers } = await api.raw(`Action=CreateLoadBalancer&Name=lb${version}`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/xml");
  const id = headers.get("x-amzn-requestid");
  expect(text).toMatch(
    /^<CreateLoadBalancerResponse xmlns="http:\/\/elasticloadbalancing.amazonaws.com\/doc\/2015-12-01\/"><CreateLoadBalancerResult>/,
  );
  expect(text).toContain(`<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>`);
});

test("ALB-90: an operation without a result answers with an empty one", async () => {
  const { text } = await api.raw(`Action=DeleteLoadBalancer&LoadBalancerArn=arn:x${version}`);
  expect(text).toContain("<DeleteLoadBalancerResult/>");
});

test("ALB-91: an error is XML with AWS's code", async () => {
  const { status, text } = await api.raw(`Action=DescribeLoadBalancers&Names.member.1=none${version}`);
  expect(status).toBe(400);
  expect(text).toContain("<Error><Type>Sender</Type><Code>LoadBalancerNotFound</Code><Message>");
});

test.each([
  ["an unknown action", "Action=Fly", "InvalidAction", "Fly"],
  ["no action", "Name=x", "InvalidAction", "no Action"],
  ["an action that is not supported", "Action=CreateTrustStore&Name=x", "InvalidAction", "CreateTrustStore"],
  ["an unknown parameter", "Action=DescribeLoadBalancers&Colour=red", "ValidationError", "'Colour'"],
  [
    "an unknown parameter inside a list",
    "Action=RegisterTargets&TargetGroupArn=a&Targets.member.1.Id=10.0.0.1&Targets.member.1.Mood=x",
    "ValidationError",
    "'Targets.member.1.Mood'",
  ],
  ["a list that is none", "Action=DescribeLoadBalancers&Names.1=a", "ValidationError", "'Names.1'"],
  ["a text in place of a list", "Action=DescribeLoadBalancers&Names=a", "ValidationError", "'Names' must be a list"],
  [
    "a list without numbers",
    "Action=DescribeLoadBalancers&Names.member=a",
    "ValidationError",
    "'Names' must be a list",
  ],
  [
    "a text in place of a structure",
    "Action=ModifyTargetGroup&TargetGroupArn=a&Matcher=200",
    "ValidationError",
    "'Matcher' must be a structure",
  ],
  ["a name of a prototype's member", "Action=DescribeLoadBalancers&constructor=x", "ValidationError", "'constructor'"],
  ["a missing parameter", "Action=CreateTargetGroup", "ValidationError", "'Name'"],
  ["a parameter given twice", "Action=DeleteRule&RuleArn=a&RuleArn=b", "ValidationError", "'RuleArn'"],
  ["a number that is none", "Action=DescribeTargetGroups&PageSize=1e3", "ValidationError", "Value '1e3' at 'pageSize'"],
  ["a number out of range", "Action=DescribeTargetGroups&PageSize=401", "ValidationError", "less than or equal to 400"],
  [
    "a value outside an enumeration",
    "Action=CreateTargetGroup&Name=x&Protocol=TCP",
    "ValidationError",
    "Value 'TCP' at 'protocol' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, HTTPS]",
  ],
  ["a bad name", "Action=CreateLoadBalancer&Name=-x", "ValidationError", "cannot begin or end with '-'"],
  [
    "a target type that needs EC2",
    "Action=CreateTargetGroup&Name=x&Protocol=HTTP&Port=80",
    "InvalidConfigurationRequest",
    "'instance'",
  ],
])("ALB-92: %s is refused by name", async (_title, body, code, sentence) => {
  const { status, text } = await api.raw(body + version);
  expect(status).toBe(400);
  expect(text).toContain(`<Code>${code}</Code>`);
  expect(text.replaceAll("&apos;", "'")).toContain(sentence);
});

test("ALB-93: what is asked for twice is shown once, so that the pages come to an end", async () => {
  const made = await Promise.all(
    ["paged-a", "paged-b"].map((name) =>
      api.raw(`Action=CreateTargetGroup&Name=${name}&Protocol=HTTP&Port=80&TargetType=ip${version}`),
    ),
  );
  const [a, b] = made.map(({ text }) => /<TargetGroupArn>(.*?)</.exec(text)?.[1] ?? "");
  const arns = [a, a, b].map((arn, i) => `&TargetGroupArns.member.${i + 1}=${encodeURIComponent(arn ?? "")}`).join("");
  const pageAt = async (marker: string) => {
    const { text } = await api.raw(`Action=DescribeTargetGroups&PageSize=1${arns}${marker}${version}`);
    return { arn: /<TargetGroupArn>(.*?)</.exec(text)?.[1], next: /<NextMarker>(.*?)</.exec(text)?.[1] };
  };
  const first = await pageAt("");
  const second = await pageAt(`&Marker=${first.next}`);
  expect([first.arn, second.arn, second.next]).toEqual([a, b, undefined]);
});

test("ALB-92: another version of the API is refused", async () => {
  expect((await api.raw("Action=DescribeLoadBalancers&Version=2012-06-01")).text).toContain("2012-06-01");
});

test("ALB-91: what a caller sends comes back as text, never as markup", async () => {
  const { text } = await api.raw(`Action=${encodeURIComponent("<b>&\u0001")}${version}`);
  expect(text).toContain("&lt;b&gt;&amp;\ufffd");
});

/** fetch would set Host and Origin by itself. */
function ask(url: string, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end();
  });
}

test.each([
  [{ Host: "evil.example" }, 403],
  [{ Host: "127.0.0.1.evil.example" }, 403],
  [{ Origin: "https://evil.example" }, 403],
  [{ Origin: "null" }, 403],
  [{ Origin: "https://localhost:8443" }, 403],
  [{ Host: "localhost:8400", Origin: "http://localhost:8400" }, 200],
  [{ Host: "localhost:8400", Origin: "http://localhost:3000" }, 403],
  [{ Host: "localhost:8400" }, 200],
  [{ Host: "[::1]:8400" }, 200],
])("ALB-97: the control port answers %j with %i", async (headers, status) => {
  expect(await ask(`${api.url}/healthz`, "GET", headers as Record<string, string>)).toBe(status);
});

test("ALB-97: a body that is too long is refused, and what is not there is not found", async () => {
  expect((await api.raw("x".repeat(limits.maxControlBodyBytes + 1))).status).toBe(413);
  expect(await ask(`${api.url}/nothing`, "GET", {})).toBe(404);
});

test("ALB-81: metrics are served on the control port", async () => {
  const response = await fetch(`${api.url}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await response.text()).toContain("# TYPE ActiveConnectionCount gauge");
});
