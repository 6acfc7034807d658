import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { defaultsOf, provisionContainers } from "./containers.ts";

const root = join(import.meta.dirname, "..", "..");

test("the images on which everything is built are those of the Dockerfile", () => {
  const [node, base] = defaultsOf(readFileSync(join(root, "Dockerfile"), "utf8"));
  expect(node).toMatch(/^node:\d+/);
  expect(base).toMatch(/^debian:/);
  expect(() => defaultsOf("FROM node:26")).toThrow("NODE_IMAGE and BASE_IMAGE no defaults");
});

test("where no Docker is, a sentence says so", async () => {
  vi.stubEnv("PATH", "/nowhere");
  expect(await provisionContainers(root)).toEqual({ missing: "no Docker engine answers here" });
  vi.unstubAllEnvs();
});
