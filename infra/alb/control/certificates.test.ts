import {
  AddListenerCertificatesCommand,
  DescribeListenerCertificatesCommand,
  ModifyListenerCommand,
  paginateDescribeListenerCertificates,
  RemoveListenerCertificatesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { makeAuthority, makeLeaf } from "../certificates/authority.ts";
import { accountLimits } from "../limits.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { setUpSdk } from "../testing/sdk.ts";
import { shownCertificate } from "../testing/shown-certificate.ts";

const keep = closeAfterEach();
const authority = makeAuthority(Date.now());
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The PEM texts of a certificate for `name`, as ACM wants them. */
async function pem(name: string) {
  const { certificate, key } = await makeLeaf(await authority, [name], Date.now());
  return { Certificate: base64(certificate), PrivateKey: base64(key) };
}

async function setUp() {
  const sdk = await setUpSdk(keep);
  const { api } = sdk;
  const acm = async (operation: string, input: object | string) => {
    const response = await fetch(api.url, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `CertificateManager.${operation}` },
      body: typeof input === "string" ? input : JSON.stringify(input),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, never> };
  };
  const add = async (name: string): Promise<string> =>
    (await acm("ImportCertificate", await pem(name))).answer.CertificateArn!;
  const https = { Protocol: "HTTPS", Certificates: [{ CertificateArn: api.certificateArn }] };
  const { ListenerArn, Port } = await sdk.newListener(await sdk.newGroup("g"), https);
  const described = async () =>
    (await sdk.send(new DescribeListenerCertificatesCommand({ ListenerArn }))).Certificates!.map((each) => [
      each.CertificateArn,
      each.IsDefault,
    ]);
  return { ...sdk, acm, add, described, ListenerArn: ListenerArn!, port: Port! };
}

test("ALB-73: certificates are added to a listener and removed, and the next handshake sees it", async () => {
  const { api, send, add, described, ListenerArn, port } = await setUp();
  const [one, two] = [await add("one.test"), await add("two.test")];
  const certificates = (...arns: string[]) => ({
    ...{ ListenerArn, Certificates: arns.map((CertificateArn) => ({ CertificateArn })) },
  });
  const added = await send(new AddListenerCertificatesCommand(certificates(one, two)));
  expect(added.Certificates).toEqual([one, two].map((CertificateArn) => ({ CertificateArn, IsDefault: false })));
  // Again is no error, and adds nothing.
  await send(new AddListenerCertificatesCommand(certificates(one)));
  expect(await described()).toEqual([
    [api.certificateArn, true],
    [one, false],
    [two, false],
  ]);
  expect((await shownCertificate(port, "two.test")).name).toBe("two.test");
  expect((await shownCertificate(port, "else.test")).name).toBe("localhost");

  await send(new RemoveListenerCertificatesCommand(certificates(two, "arn:never-there")));
  expect((await shownCertificate(port, "two.test")).name).toBe("localhost");
  expect((await shownCertificate(port, "one.test")).name).toBe("one.test");
});

test("ALB-73: the default certificate is changed by ModifyListener, and may stand among the others as well", async () => {
  const { api, send, add, described, ListenerArn, port } = await setUp();
  const one = await add("one.test");
  const Certificates = [{ CertificateArn: one }];
  await send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
  const { Listeners } = await send(new ModifyListenerCommand({ ListenerArn, Certificates }));
  expect(Listeners![0]!.Certificates).toEqual([{ CertificateArn: one }]);
  expect(await described()).toEqual([
    [one, true],
    [one, false],
  ]);
  expect((await shownCertificate(port, "else.test")).name).toBe("one.test");
  await send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates }));
  expect(await described()).toEqual([[one, true]]);
  await send(new ModifyListenerCommand({ ListenerArn, Certificates: [{ CertificateArn: api.certificateArn }] }));
  expect((await shownCertificate(port, "one.test")).name).toBe("localhost");
});

test("ALB-73: a load balancer has 25 certificates beside the default ones, told in pages", async () => {
  const { api, send, add, refusal, ListenerArn } = await setUp();
  const most = accountLimits["certificates-per-application-load-balancer"];
  const arns: string[] = [];
  for (let i = 0; i < most; i++) arns.push(await add(`host-${i}.test`));
  const Certificates = arns.map((CertificateArn) => ({ CertificateArn }));
  await send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
  const another = new AddListenerCertificatesCommand({
    ...{ ListenerArn, Certificates: [{ CertificateArn: await add("one-more.test") }] },
  });
  expect(await refusal(send(another))).toMatchObject({ code: "TooManyCertificatesException", status: 400 });
  const told: (string | undefined)[] = [];
  for await (const page of paginateDescribeListenerCertificates(
    { client: api.client },
    { ListenerArn, PageSize: 10 },
  )) {
    told.push(...page.Certificates!.map((each) => each.CertificateArn));
  }
  expect(told).toEqual([api.certificateArn, ...arns]);
});

test("ALB-74: a certificate that is imported again under its ARN is shown from the next handshake on", async () => {
  const { send, acm, add, ListenerArn, port } = await setUp();
  const CertificateArn = await add("one.test");
  await send(new ModifyListenerCommand({ ListenerArn, Certificates: [{ CertificateArn }] }));
  const before = await shownCertificate(port, "one.test");
  expect((await acm("ImportCertificate", { CertificateArn, ...(await pem("one.test")) })).answer).toEqual({
    CertificateArn,
  });
  const after = await shownCertificate(port, "one.test");
  expect(after.name).toBe("one.test");
  expect(after.serial).not.toBe(before.serial);
});

test("ALB-74: what Certificate Manager is asked wrongly is refused by its codes", async () => {
  const { api, acm, ListenerArn } = await setUp();
  expect(ListenerArn).toBeDefined();
  const own = await pem("own.test");
  const other = await pem("other.test");
  const missing = "arn:aws:acm:us-east-1:000000000000:certificate/none";
  const cases: [string, object | string, string, string][] = [
    ["DescribeCertificate", { CertificateArn: missing }, "ResourceNotFoundException", missing],
    ["GetCertificate", { CertificateArn: missing }, "ResourceNotFoundException", missing],
    ["DeleteCertificate", { CertificateArn: missing }, "ResourceNotFoundException", missing],
    ["DeleteCertificate", { CertificateArn: api.certificateArn }, "ResourceInUseException", "in use"],
    ["ImportCertificate", { ...own, CertificateArn: missing }, "ResourceNotFoundException", missing],
    ["ImportCertificate", { ...own, CertificateArn: api.certificateArn }, "ValidationException", "imported"],
    ["ImportCertificate", { ...own, PrivateKey: other.PrivateKey }, "ValidationException", "does not belong"],
    ["ImportCertificate", { ...own, Certificate: base64("x") }, "ValidationException", "PEM"],
    ["ImportCertificate", { ...own, Tags: [] }, "ValidationException", "Tags"],
    ["ImportCertificate", {}, "ValidationException", "Certificate"],
    ["RequestCertificate", { DomainName: "not a domain" }, "ValidationException", "'not a domain'"],
    ["RequestCertificate", { DomainName: "a.test", KeyAlgorithm: "DSA" }, "ValidationException", "KeyAlgorithm"],
    ["ListCertificates", { MaxItems: 0 }, "ValidationException", "MaxItems"],
    ["ListCertificates", '{"__proto__":{"a":1},"x":', "SerializationException", "not JSON"],
    ["ListCertificates", "[]", "ValidationException", "expected object"],
    ["ExportCertificate", {}, "UnknownOperationException", "'ExportCertificate'"],
    ["constructor", {}, "UnknownOperationException", "'constructor'"],
  ];
  for (const [operation, input, code, sentence] of cases) {
    expect(await acm(operation, input)).toEqual({
      status: 400,
      answer: { __type: code, message: expect.stringContaining(sentence) },
    });
  }
  const { answer } = await acm("ListCertificates", {});
  expect(answer.CertificateSummaryList).toHaveLength(1);
});
