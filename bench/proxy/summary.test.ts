import { expect, test } from "vitest";
import type { Transport } from "../common/dial.ts";
import type { Outcome } from "./measure.ts";
import type { Lane } from "./plan.ts";
import { describe as report } from "./report.ts";
import { ratioTo, summarise } from "./summary.ts";

function outcome(lane: Lane, cpuUs: number | undefined, p50Us: number, more: Partial<Outcome> = {}): Outcome {
  const latency = { samples: 100, p50Us, p99Us: p50Us * 2 };
  return {
    ...{ round: 1, part: "messages", transport: "plain", lane, items: 100, itemsPerSecond: 50 },
    ...{ cpuUs, userUs: cpuUs, systemUs: 0, memoryMiB: 30, idleShare: 0.5, reachedShare: 1 },
    ...{ up: latency, down: latency },
    ...more,
  };
}

const plan = {
  ...{ seconds: 1, rounds: 3, sockets: 200, rate: 30, only: [], transports: [], parts: [] },
  ...{ profile: false, checkout: "/", home: "/", jsonFile: "/proxy.json" },
};

test("a lane's line holds the medians of its rounds, and its latency without that of direct connections", () => {
  const lines = summarise([
    outcome("direct", undefined, 100),
    ...[12, 10, 30].map((cpuUs) => outcome("ours", cpuUs, 160)),
    ...[8, 8, 8].map((cpuUs) => outcome("nginx", cpuUs, 130)),
  ]);
  const ours = lines.find(({ lane }) => lane === "ours");
  expect(ours).toMatchObject({ rounds: 3, cpuUs: { median: 12, min: 10, max: 30 }, addedP50Us: 60, addedP99Us: 120 });
  expect(ours && ratioTo(lines, ours, "nginx")).toBe(1.5);
  expect(ours && ratioTo(lines, ours, "haproxy")).toBeUndefined();
});

test("a round whose traffic did not arrive as offered counts only when there is no other", () => {
  const rounds = [outcome("ours", 5, 1, { reachedShare: 0.7 }), outcome("ours", 16, 1)];
  const [line] = summarise(rounds);
  expect(line).toMatchObject({ rounds: 2, disturbed: 1, cpuUs: { median: 16 } });
  expect(report([line!], plan)).toContain("ours, plain: 1 of 2 rounds are left out");
  expect(summarise(rounds.slice(0, 1))).toMatchObject([{ rounds: 1, disturbed: 1, cpuUs: { median: 5 } }]);
});

test("transports are not mixed", () => {
  const both: Transport[] = ["plain", "tls"];
  const lines = summarise(both.map((transport, index) => outcome("nginx", 10 * (index + 1), 1, { transport })));
  expect(lines.map(({ cpuUs }) => cpuUs?.median)).toEqual([10, 20]);
});

test("the report judges our CPU against the goals and says where the traffic was not what it should have been", () => {
  const lines = summarise([
    outcome("ours", 16, 1),
    outcome("nginx", 10, 1),
    outcome("haproxy", 14, 1, { reachedShare: 0.8 }),
  ]);
  const text = report(lines, plan);
  expect(text).toContain("proxy: CPU of a message, plain, against nginx: 1.60 × (goal: ≤ 1.5 ×, missed)");
  expect(text).toContain("proxy: CPU of a message, plain, against haproxy: 1.14 × (goal: ≤ 1.3 ×, met)");
  expect(text).toContain("haproxy, plain: only 80 % of the traffic arrived as it should");
  expect(text).not.toContain("http-proxy-3");
});
