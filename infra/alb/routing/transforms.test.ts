import { expect, test } from "vitest";
import type { Transform } from "../model/types.ts";
import { compileTransforms } from "./transforms.ts";

const url = (Regex: string, Replace: string): Transform => ({
  Type: "url-rewrite",
  UrlRewriteConfig: { Rewrites: [{ Regex, Replace }] },
});
const host = (Regex: string, Replace: string): Transform => ({
  Type: "host-header-rewrite",
  HostHeaderRewriteConfig: { Rewrites: [{ Regex, Replace }] },
});
const run = (transforms: Transform[], ofHost: string, uri: string, maxBytes = 1000) =>
  compileTransforms(transforms, maxBytes)!(ofHost, uri);

test("ALB-49: groups of the expression are put into the replacement", () => {
  const made = run(
    [url("^/dp/([A-Z0-9]+)/?$", "/product?id=$1"), host("^(.+)\\.example\\.com$", "$1.internal")],
    "shop.example.com",
    "/dp/B12",
  );
  expect(made).toEqual({ uri: "/product?id=B12", host: "shop.internal" });
});

test("ALB-49: without a match everything stays, and a group that matched nothing is empty", () => {
  expect(run([url("^/x", "/y")], "a.com", "/a")).toEqual({ uri: undefined, host: undefined });
  expect(run([url("^/a(b)?", "/c$1")], "a.com", "/a?q=1")).toEqual({ uri: "/c?q=1", host: undefined });
});

test("ALB-49: the first match is replaced, the rest of the text stays", () => {
  expect(run([url("a", "$0$0")], "a.com", "/a/a")).toMatchObject({ uri: "/aa/a" });
});

test.each([
  [url("^/a", "b"), "TransformInvalidPath"],
  [url("^/a", "/b c"), "TransformInvalidPath"],
  [url("^/a", "/b#c"), "TransformInvalidPath"],
  [url("^/(a)", `/${"$1".repeat(50)}${"x".repeat(960)}`), "TransformBufferTooSmall"],
  [host("^(.*)$", "bad host"), "TransformInvalidHost"],
  [host("^(.*)$", ""), "TransformInvalidHost"],
  [host("^(.*)$", "$1/x"), "TransformInvalidHost"],
])("ALB-49: %j fails with %s", (transform, fault) => {
  expect(run([transform], "a.com", "/a")).toEqual({ fault });
});

test("ALB-49: a text made to hang an expression does not", () => {
  expect(run([url("^/(x+x+)+y$", "/z")], "a.com", `/${"x".repeat(16_000)}`, 20_000)).toMatchObject({ uri: undefined });
});
