import fc from "fast-check";
import { expect, test } from "vitest";
import { normalPath } from "./normal-path.ts";

test.each([
  ["/a/b", "/a/b"],
  ["/%61dmin", "/admin"],
  ["/a%2fb", "/a%2Fb"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/%2e%2E/b", "/b"],
  ["/../../x", "/x"],
  ["/a/..", "/"],
  ["/a/.", "/a/"],
  ["/.hidden", "/.hidden"],
  ["/a//b", "/a//b"],
  ["/100%", "/100%"],
  ["*", "*"],
])("ALB-48: the path %s is compared as %s", (path, expected) => {
  expect(normalPath(path)).toBe(expected);
});

test("ALB-48: a normal path stays as it is, and no dot segment is left in it", () => {
  const segment = fc.constantFrom("a", ".", "..", "%2e", "%2E%2e", "", "%41", "%2f", "b.c");
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      const once = normalPath(`/${segments.join("/")}`);
      expect(normalPath(once)).toBe(once);
      expect(once.split("/").some((each) => each === "." || each === "..")).toBe(false);
      expect(once.startsWith("/")).toBe(true);
    }),
    { seed: 48, numRuns: 500 },
  );
});
