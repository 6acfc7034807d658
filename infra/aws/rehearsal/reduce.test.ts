import { expect, test } from "vitest";
import { type LeftOut, reduceTemplate } from "./reduce.ts";

const secret: LeftOut = {
  id: "Token",
  type: "AWS::SecretsManager::Secret",
  ref: "arn:token",
  attributes: { Name: "token" },
};
const reduced = (Properties: unknown, unknown = {}) =>
  reduceTemplate(
    {
      Resources: {
        Token: { Type: secret.type },
        Server: { Type: "AWS::ECS::Service", Properties, DependsOn: ["Token", "Other"] },
        Other: { Type: "AWS::X::Other" },
      },
    },
    [secret],
    unknown,
  ).Resources;

test("what is left out is gone, and nothing waits for it", () => {
  expect(reduced({})).toEqual({
    Server: { Type: "AWS::ECS::Service", Properties: {}, DependsOn: ["Other"] },
    Other: { Type: "AWS::X::Other" },
  });
});

test("whoever refers to it gets a value in its place, in all three ways of saying so", () => {
  const properties = {
    a: { Ref: "Token" },
    b: [{ "Fn::GetAtt": ["Token", "Name"] }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    c: { "Fn::Sub": "${Token} and ${Token.Name} and ${Other}" },
    d: { Ref: "Other" },
  };
  expect(reduced(properties).Server?.Properties).toEqual({
    a: "arn:token",
    b: ["token"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    c: { "Fn::Sub": "arn:token and token and ${Other}" },
    d: { Ref: "Other" },
  });
});

test("an attribute that moto cannot say of what it knows is said in its place", () => {
  const properties = { a: { "Fn::GetAtt": ["Other", "FullName"] }, b: { "Fn::GetAtt": ["Other", "Arn"] } };
  expect(reduced(properties, { "AWS::X::Other.FullName": "full" }).Server?.Properties).toEqual({
    a: "full",
    b: { "Fn::GetAtt": ["Other", "Arn"] },
  });
});

test("a secret's value is filled in, as CloudFormation does", () => {
  const asked = { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: "Token" }, ":SecretString:::}}"]] };
  expect(reduced({ asked, other: { "Fn::Join": ["-", ["a", { Ref: "Token" }]] } }).Server?.Properties).toEqual({
    asked: "rehearsed",
    other: { "Fn::Join": ["-", ["a", "arn:token"]] },
  });
});

test("an attribute that nobody has thought of stops the rehearsal with its name", () => {
  expect(() => reduced({ a: { "Fn::GetAtt": ["Token", "Rotation"] } })).toThrow(
    "The stand-in for Token (AWS::SecretsManager::Secret) has no Rotation.",
  );
});
