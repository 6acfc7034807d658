import { expect, test } from "vitest";
import { readCall } from "./call.ts";

const signed = (service: string, headers = {}) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=KEY/20261123/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  ...headers,
});
const none = Buffer.alloc(0);

test("the query protocol says its operation in the form", () => {
  const headers = signed("cloudformation", { "content-type": "application/x-www-form-urlencoded" });
  const body = Buffer.from("Action=CreateStack&StackName=tidegate-eu");
  const call = readCall({ method: "POST", path: "/", headers, body });
  expect(call).toMatchObject({ service: "cloudformation", region: "eu-west-1", operation: "CreateStack" });
  expect(call?.form?.get("StackName")).toBe("tidegate-eu");
});

test("the JSON protocol says it in a header", () => {
  const headers = signed("ecs", { "x-amz-target": "AmazonEC2ContainerServiceV20141113.UpdateService" });
  expect(readCall({ method: "POST", path: "/", headers, body: none })?.operation).toBe("UpdateService");
});

test.each([
  ["PUT", "/pages/assets/main.js?x-id=PutObject", "PUT object"],
  ["POST", "/pages?delete=", "POST ?delete"],
  ["GET", "/pages?versions=", "GET ?versions"],
  ["GET", "/2013-04-01/hostedzone/Z1", "GET object"],
])("a protocol with paths: %s %s", (method, path, operation) => {
  expect(readCall({ method, path, headers: signed("s3"), body: none })?.operation).toBe(operation);
});

test("what nobody has signed is no call", () => {
  expect(readCall({ method: "GET", path: "/", headers: {}, body: none })).toBeUndefined();
});
