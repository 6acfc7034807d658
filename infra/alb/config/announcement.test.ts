import { expect, test } from "vitest";
import { forwardTo, group, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { announcement } from "./announcement.ts";

const about = { configFile: "/etc/alb.yaml", controlUrl: "http://127.0.0.1:8400", caPath: "/home/ca.pem", pid: 7 };

test("the start says what listens where, where it goes, and how to trust the CA", () => {
  const state = stateOf({
    groups: [group("blue", [target(3000), { ...target(3001), id: "::1" }]), group("green", [])],
    defaultAction: forwardTo(["blue", 9], ["green", 1]),
    rules: [pathRule(1, "/x", forwardTo(["blue", 1]))],
    listener: { protocol: "HTTPS", port: 8443 },
  });
  const text = announcement({ ...about, state, watching: false });
  expect(text).toContain("  https://localhost:8443  → blue (weight 9), green (weight 1), before that one rule\n");
  expect(text).toContain("  blue   10.0.0.1:3000, [::1]:3001\n  green  no targets yet");
  expect(text).toContain("/etc/alb.yaml is read again with: kill -HUP 7\n");
  expect(text).toContain("curl --cacert /home/ca.pem https://localhost:8443/\n");
});

test("without HTTPS there is no word of a CA", () => {
  const state = stateOf({
    groups: [],
    defaultAction: {
      Type: "redirect",
      RedirectConfig: {
        ...{ Protocol: "HTTPS", Port: "8443", Host: "#{host}", Path: "/#{path}", Query: "#{query}" },
        StatusCode: "HTTP_301",
      },
    },
  });
  const text = announcement({ ...about, state, watching: true });
  expect(text).toContain("  http://localhost:80  redirects to https://…:8443 (301)\n");
  expect(text).toContain("/etc/alb.yaml is read again as soon as it changes\n");
  expect(text).not.toContain("ca.pem");
});
