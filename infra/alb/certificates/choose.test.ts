import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { type KeyAlgorithm, makeAuthority, makeLeaf } from "./authority.ts";
import { chooseCertificates } from "./choose.ts";

const dayMs = 86_400_000;
const authority = await makeAuthority(Date.now());
async function candidate(label: string, names: string[], algorithm: KeyAlgorithm = "EC_prime256v1", ageDays = 0) {
  const { certificate } = await makeLeaf(authority, names, Date.now() - ageDays * dayMs, algorithm);
  return { label, x509: new X509Certificate(certificate) };
}
type Labelled = Awaited<ReturnType<typeof candidate>>;
const labels = (candidates: readonly Labelled[], name: string | undefined) =>
  chooseCertificates(candidates, name).map((each) => each.label);

const first = await candidate("first", ["default.test"]);
const star = await candidate("star", ["*.game.test"]);
const eu = await candidate("eu", ["eu.game.test"], "RSA_2048");
const strong = await candidate("strong", ["eu.game.test"], "EC_secp384r1");
const older = await candidate("older", ["us.game.test"], "EC_prime256v1", 10);
const newer = await candidate("newer", ["us.game.test"]);

test("ALB-71: without a name, or with one that nothing fits, the default certificate is shown", () => {
  expect(labels([first, star], undefined)).toEqual(["first"]);
  expect(labels([first, star], "elsewhere.test")).toEqual(["first"]);
  expect(labels([first, star], "a.b.game.test")).toEqual(["first"]);
  expect(labels([], "a.test")).toEqual([]);
});

test("ALB-71: a certificate that names the host goes before the default, also with a wildcard", () => {
  expect(labels([first, star], "as.game.test")).toEqual(["star"]);
});

test("ALB-71: of several that fit, an RSA and an ECDSA one go on, each with the longest key, then the latest end", () => {
  expect(labels([first, star, eu, strong], "eu.game.test")).toEqual(["eu", "strong"]);
  expect(labels([first, older, newer], "us.game.test")).toEqual(["newer"]);
  expect(labels([first, newer, older], "us.game.test")).toEqual(["newer"]);
});
