import { expect, test } from "vitest";
import { composeContainer, HandEngine } from "../stack/platforms/testing/hand-engine.ts";
import { readControlUrl, readProject } from "./agent-settings.ts";

test("the load balancer's control port is told by the environment", () => {
  expect(readControlUrl({ CONTROL_URL: "http://alb:8400" })).toBe("http://alb:8400");
});

test.each([{}, { CONTROL_URL: "" }, { CONTROL_URL: "alb:8400" }, { CONTROL_URL: "https://alb" }])(
  "%j is refused by the variable's name",
  (variables) => {
    expect(() => readControlUrl(variables)).toThrow("The environment variable CONTROL_URL must be an http:// URL.");
  },
);

test("a container knows its project by its own labels", async () => {
  const engine = new HandEngine("");
  engine.put(composeContainer("agent-1"), false);
  engine.put(composeContainer("alone-2", { Labels: {} }), false);
  expect(await readProject(engine, "agent-1")).toBe("tide");
  await expect(readProject(engine, "alone-2")).rejects.toThrow("this container is of no project");
  await expect(readProject(engine, "gone-3")).rejects.toThrow("No such container: gone-3");
});
