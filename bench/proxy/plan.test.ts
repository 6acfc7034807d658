import { expect, test } from "vitest";
import { CONTESTANTS, heatsOf, type Plan, perSocketRate } from "./plan.ts";

const plan: Plan = {
  ...{ seconds: 1, rounds: 2, sockets: 200, rate: 30, only: CONTESTANTS, transports: ["plain", "tls"] },
  ...{ parts: ["messages", "requests"], profile: false, checkout: "/", home: "/", jsonFile: "/proxy.json" },
};

test("all are measured once before any is measured again, each round with direct connections first", () => {
  const heats = heatsOf(plan, ["ours", "nginx"]);
  expect(heats).toHaveLength(2 * 2 * 2 * 3);
  expect(heats.slice(0, 4).map(({ lane, transport }) => `${lane} ${transport}`)).toEqual([
    ...["direct plain", "ours plain", "nginx plain"],
    "direct tls",
  ]);
  const rounds = heats.map(({ round }) => round);
  expect(rounds).toEqual([...rounds].sort((a, b) => a - b));
});

test("up to 200 sockets each sends at the game's rate; more of them share the same sum", () => {
  expect([1, 200, 400, 1_000, 5_000].map(perSocketRate)).toEqual([30, 30, 15, 6, 1]);
});
