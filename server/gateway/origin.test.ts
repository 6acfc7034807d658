import { describe, expect, it } from "vitest";
import { isOriginAllowed } from "./origin.ts";

describe("the origin of a page", () => {
  it("does not matter for programs that send none", () => {
    expect(isOriginAllowed(undefined, "a.example", ["https://b.example"])).toBe(true);
  });

  it.each([
    ["https://a.example", "a.example", true],
    ["https://a.example:8443", "a.example", true],
    ["https://a.example", "a.example:8443", true],
    ["https://[::1]:8443", "[::1]:1234", true],
    ["https://a.example.evil.example", "a.example", false],
    ["https://evil.example", "a.example", false],
    ["null", "a.example", false],
    ["https://a.example", undefined, false],
    ["", "", false],
  ])("%s may connect to host %s without a list: %s", (origin, host, allowed) => {
    expect(isOriginAllowed(origin, host, [])).toBe(allowed);
  });

  it("is looked up as it is when there is a list", () => {
    const allowed = ["https://a.example:8443"];
    expect(isOriginAllowed("https://a.example:8443", "10.0.0.1", allowed)).toBe(true);
    expect(isOriginAllowed("https://a.example", "a.example", allowed)).toBe(false);
    expect(isOriginAllowed("https://evil.example", "a.example", ["*"])).toBe(true);
  });
});
